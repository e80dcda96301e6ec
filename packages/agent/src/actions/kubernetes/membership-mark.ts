import { type Static, Type } from 'typebox';
import type { ApplyContext, InspectContext } from '../action.ts';
import { markFile } from './mark-file.ts';

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
  /** Who began it, and in which boot of the machine. */
  operationId: Type.String({ default: 'unknown' }),
  bootId: Type.Union([Type.String(), Type.Null()], { default: null }),
});

/**
 * What this agent wrote down before it let kubeadm loose. Leftovers on the disk are Drover's to clean up only when the
 * mark says that Drover began them and they were never in use.
 */
export type MembershipMark = Static<typeof MembershipMark>;

const file = markFile('membership.json', MembershipMark);

/** The mark, or undefined when this agent never began a membership. Throws `file-unreadable` when it is damaged. */
export async function readMark(context: InspectContext): Promise<MembershipMark | undefined> {
  return await file.read(context);
}

/** The mark of what was found to be this agent's own. Throws when it has gone since. */
export async function requireMark(context: InspectContext): Promise<MembershipMark> {
  const mark = await readMark(context);
  if (mark === undefined) throw new Error('the mark of this membership has gone while it was needed');
  return mark;
}

/** A mark for what is about to be begun. */
export async function newMark(
  context: InspectContext,
  membership: Pick<MembershipMark, 'role' | 'apiServerEndpoint' | 'caHash'>,
): Promise<MembershipMark> {
  const { operationId } = context;
  const bootId = await readBootId(context);
  return { ...membership, begunAt: nowIso(context), answeredAt: null, finishedAt: null, operationId, bootId };
}

/** What a mark says, as a line of evidence. */
export async function describeMark(context: InspectContext, mark: MembershipMark): Promise<string> {
  const isOfThisBoot = mark.bootId !== null && mark.bootId === (await readBootId(context));
  const when = isOfThisBoot ? 'in this boot of the machine' : 'in an earlier boot of the machine';
  return `this agent began it by operation ${mark.operationId} at ${mark.begunAt}, ${when}`;
}

/** Replaces the mark; it is on the disk when the promise resolves. */
export async function writeMark(context: ApplyContext, mark: MembershipMark): Promise<void> {
  await file.write(context, mark);
}

/** Forgets the membership: nothing of it is left on the node. */
export async function removeMark(context: ApplyContext): Promise<void> {
  await file.remove(context);
}

/** The instant to put into a mark. */
export function nowIso({ clock }: InspectContext): string {
  return new Date(clock.now()).toISOString();
}

async function readBootId({ host }: InspectContext): Promise<string | null> {
  return (await host.readFile('/proc/sys/kernel/random/boot_id'))?.trim() ?? null;
}
