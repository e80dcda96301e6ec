import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext, InspectContext } from '../action.ts';

const optionalText = Type.Union([Type.String(), Type.Null()]);

const MembershipMark = Type.Object({
  role: Type.Union([Type.Literal('control-plane'), Type.Literal('worker')]),
  /** `host:port` of the cluster's API. */
  apiServerEndpoint: Type.String(),
  /** Of the cluster's CA; null for an `init`, which makes it. */
  caHash: optionalText,
  /** ISO 8601, as the two below. */
  begunAt: Type.String(),
  /** When the API was first seen to answer: from then on etcd may hold what people put there. */
  answeredAt: optionalText,
  finishedAt: optionalText,
});

/**
 * What this agent wrote down before it let kubeadm loose. Leftovers on the disk are Drover's to clean up only when the
 * mark says that Drover began them and they were never in use.
 */
export type MembershipMark = Static<typeof MembershipMark>;

/** The mark, or undefined when this agent never began a membership. Throws `file-unreadable` when it is damaged. */
export async function readMark({
  host,
  stateDirectory,
  nodeName,
}: InspectContext): Promise<MembershipMark | undefined> {
  const path = pathOf(stateDirectory);
  const text = await host.readFile(path);
  if (text === undefined) return undefined;
  try {
    const mark: unknown = JSON.parse(text);
    return Value.Parse(MembershipMark, mark);
  } catch (cause) {
    throw agentErrors.create('file-unreadable', {
      tried: `read ${path}`,
      node: nodeName,
      reason: 'it is not what this agent writes there',
      cause,
    });
  }
}

/** Replaces the mark; it is on the disk when the promise resolves. */
export async function writeMark({ host, stateDirectory }: ApplyContext, mark: MembershipMark): Promise<void> {
  await host.writeFile(pathOf(stateDirectory), `${JSON.stringify(mark, null, 2)}\n`, { mode: 0o600 });
}

/** The instant to put into a mark. */
export function nowIso({ clock }: InspectContext): string {
  return new Date(clock.now()).toISOString();
}

function pathOf(stateDirectory: string): string {
  return `${stateDirectory}/membership.json`;
}
