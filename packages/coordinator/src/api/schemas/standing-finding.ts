import { type Static, Type } from 'typebox';
import { Finding } from './finding.ts';

const instant = (description: string) => Type.String({ format: 'date-time', description });

/** Something on a member that is not as it has to be, or was until a while ago. */
export const StandingFinding = Type.Object({
  ...Type.Omit(Finding, ['undetermined', 'rule']).properties,
  rule: Type.String({ description: 'Which rule of the check is broken; undetermined where it could not be made' }),
  subject: Type.String({ description: 'Which of several findings of one rule on one node, from 0' }),
  cluster: Type.String(),
  policy: Type.Union([Type.Literal('report'), Type.Literal('repair')], { description: 'As the cluster file says' }),
  since: instant('When it was first seen'),
  lastSeenAt: instant('As of when the facts are by which it was last seen'),
  resolvedAt: Type.Optional(instant('When it was seen to be over; it is told for a day after')),
  repairs: Type.Array(Type.Object({ runId: Type.String(), at: instant('When it was begun') }), {
    description: 'What was begun to mend it in the last hour',
  }),
  unrepaired: Type.Optional(Type.String({ description: 'Why it is not being repaired, where it should be' })),
});
export type StandingFinding = Static<typeof StandingFinding>;

/** The findings of a cluster. */
export const StandingFindingList = Type.Object({ items: Type.Array(StandingFinding) });

const type = <Name extends string>(name: Name, description: string) => Type.Literal(name, { description });

/** What is told of a finding as it happens. */
export const FindingEventSchema = Type.Union([
  Type.Object({
    sequence: Type.Integer({ description: 'Grows from event to event' }),
    type: type('finding', 'It stands, has changed, or is over'),
    finding: StandingFinding,
  }),
  Type.Object({
    sequence: Type.Integer(),
    type: type('forgotten', 'It is not told any more'),
    finding: Type.Pick(StandingFinding, ['cluster', 'node', 'check', 'rule', 'subject']),
  }),
]);
