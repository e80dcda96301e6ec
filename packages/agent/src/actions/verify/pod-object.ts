import { type Static, Type } from 'typebox';

/** A Pod, as far as proofs read it. */
export const PodObject = Type.Object({
  metadata: Type.Object({ name: Type.String(), deletionTimestamp: Type.Optional(Type.String()) }),
  spec: Type.Object({ nodeName: Type.Optional(Type.String()) }),
  status: Type.Object({
    phase: Type.Optional(Type.String()),
    conditions: Type.Optional(
      Type.Array(
        Type.Object({
          type: Type.String(),
          status: Type.String(),
          reason: Type.Optional(Type.String()),
          message: Type.Optional(Type.String()),
        }),
      ),
    ),
    containerStatuses: Type.Optional(
      Type.Array(
        Type.Object({
          ready: Type.Boolean(),
          restartCount: Type.Number(),
          state: Type.Optional(
            Type.Object({
              waiting: Type.Optional(
                Type.Object({ reason: Type.Optional(Type.String()), message: Type.Optional(Type.String()) }),
              ),
            }),
          ),
        }),
      ),
    ),
  }),
});
export type PodObject = Static<typeof PodObject>;

/** The answer to `get pods`. */
export const PodList = Type.Object({ items: Type.Array(PodObject) });

/** A condition of a pod, by its type. */
export function podCondition(pod: PodObject, type: string) {
  return pod.status.conditions?.find((condition) => condition.type === type);
}

/** Why a pod is not Ready, in the cluster's own words; undefined when it is. */
export function podLack(pod: PodObject | undefined): string | undefined {
  if (pod === undefined) return 'it does not exist yet';
  if (podCondition(pod, 'Ready')?.status === 'True' && pod.metadata.deletionTimestamp === undefined) return undefined;
  const waiting = pod.status.containerStatuses?.map(({ state }) => state?.waiting).find((state) => state !== undefined);
  const scheduled = podCondition(pod, 'PodScheduled');
  return waiting?.message ?? waiting?.reason ?? scheduled?.message ?? pod.status.phase ?? 'not ready';
}

/** How often the containers of a pod were started again. */
export function restartsOf(pod: PodObject | undefined): number {
  return (pod?.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
