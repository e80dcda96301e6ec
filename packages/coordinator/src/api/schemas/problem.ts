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
export const ProblemResource = Type.Object({
  type: Type.String({ description: 'urn:drover:error:<code>' }),
  status: Type.Integer(),
  detail: Type.String({ description: 'One line for people: what was tried, why it failed, what to do' }),
  ...members,
  findings: Type.Optional(
    Type.Array(Finding, { description: 'Of preflight-failed: every finding, warnings included' }),
  ),
});
export type ProblemResource = Static<typeof ProblemResource>;

/** A problem answer, for a route's response schemas. */
interface ProblemAnswer {
  readonly description: string;
  readonly content: Readonly<Record<'application/problem+json', { readonly schema: typeof ProblemResource }>>;
}

/** The problem answers of a route, by status. Every route but the public ones can also answer 401. */
export function problems<Status extends keyof typeof descriptions>(
  ...statuses: readonly Status[]
): Record<Status, ProblemAnswer> {
  const content = { 'application/problem+json': { schema: ProblemResource } };
  const describe = (status: Status): ProblemAnswer => ({ description: descriptions[status], content });
  // fromEntries cannot tell that every status got its entry.
  return Object.fromEntries(statuses.map((status) => [status, describe(status)])) as Record<Status, ProblemAnswer>;
}

const descriptions = {
  400: 'The input has faults: all of them are listed',
  403: 'It is refused, whoever asks: a person has to look first',
  404: 'There is no such thing',
  409: 'It cannot be done as things are: a node is away, a name is taken, a run is under way',
  422: 'It cannot be done with what is given: preflight found errors, something is missing; nothing was changed',
  502: 'A node was asked and could not answer',
  504: 'A machine did not answer in time',
} as const;
