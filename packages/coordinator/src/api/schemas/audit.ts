import { type Static, Type } from 'typebox';

const hash = (description: string) => Type.String({ description, pattern: '^[0-9a-f]{64}$' });

/** What is on record of one call. */
export const AuditRecordResource = Type.Object({
  sequence: Type.Integer({ description: 'Counted from 1, without gaps' }),
  previousHash: hash('Of the record before; 64 zeros in the first'),
  hash: hash('SHA-256 of the canonical JSON (keys in order, no white space) of everything else in the record'),
  event: Type.Union([Type.Literal('attempted'), Type.Literal('ended'), Type.Literal('refused')], {
    description: 'attempted: let in, and about to be carried out; ended: how; refused: nothing was done',
  }),
  at: Type.String({ description: 'ISO 8601' }),
  attempt: Type.Optional(Type.Integer({ description: 'Of an end: the sequence of its attempt' })),
  caller: Type.Union([Type.Literal('administrator'), Type.Literal('agent'), Type.Literal('unknown')]),
  from: Type.String({ description: 'The address that the call came from' }),
  operation: Type.String({ description: 'The route’s operation id', examples: ['startRun'] }),
  target: Type.Record(Type.String(), Type.String(), { description: 'What the call is about, by name' }),
  reason: Type.Optional(Type.String({ description: 'Why, in the caller’s words' })),
  outcome: Type.Optional(
    Type.Object({ status: Type.Integer(), code: Type.String({ description: 'ok, or the code of the problem' }) }),
  ),
  unrecorded: Type.Optional(
    Type.Integer({ description: 'Refusals of unknown callers since the last on record, which were only counted' }),
  ),
});

/** A stretch of the audit trail. */
export const AuditPageResource = Type.Object({
  items: Type.Array(AuditRecordResource, { description: 'In order; none only when there are no more' }),
  head: Type.Optional(
    Type.Object(
      { sequence: Type.Integer(), hash: Type.String() },
      { description: 'The end of the whole trail; absent while nothing is on record' },
    ),
  ),
});
export type AuditPageResource = Static<typeof AuditPageResource>;
