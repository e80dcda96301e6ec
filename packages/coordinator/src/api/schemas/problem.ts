import { type Static, Type } from 'typebox';
import { Finding } from './finding.ts';

const FaultSchema = Type.Object({
  path: Type.String({ description: 'The place in the document, as in spec.nodes[1].role; empty for the whole' }),
  message: Type.String(),
  line: Type.Optional(Type.Integer({ description: 'Counted from 1' })),
  column: Type.Optional(Type.Integer({ description: 'Counted from 1' })),
  suggestion: Type.Optional(Type.String({ description: 'What was probably meant' })),
});

const members = {
  code: Type.String({ description: 'What a program branches on; listed in the error reference' }),
  title: Type.String(),
  tried: Type.String(),
  node: Type.Optional(Type.String()),
  reason: Type.String(),
  remedy: Type.String(),
  retryable: Type.Boolean({ description: 'The same may succeed later without anyone changing anything' }),
  evidence: Type.Array(Type.String()),
  faults: Type.Array(FaultSchema),
};

/** A problem inside another resource: why a step or a run failed. */
export const StoredProblem = Type.Object(members);

/** Every answer that is not a success: problem details (RFC 9457) with a stable code. */
export const ProblemResource = Type.Object(
  {
    type: Type.String({ description: 'urn:drover:error:<code>' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'One line for people: what was tried, why it failed, what to do' }),
    ...members,
    findings: Type.Optional(
      Type.Array(Finding, { description: 'Of preflight-failed: every finding, warnings included' }),
    ),
  },
  { $id: 'Problem' },
);
export type ProblemResource = Static<typeof ProblemResource>;

/** The problem answers of a route, for its response schemas. Every route but the public ones can also answer 401. */
export function problems<Status extends number>(
  ...statuses: readonly Status[]
): Record<Status, typeof ProblemResource> {
  // fromEntries cannot tell that every status got its entry.
  return Object.fromEntries(statuses.map((status) => [status, ProblemResource])) as Record<
    Status,
    typeof ProblemResource
  >;
}
