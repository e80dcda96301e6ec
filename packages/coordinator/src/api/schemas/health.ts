import { Type } from 'typebox';
import { ProblemResource } from './problem.ts';

const since = Type.String({ description: 'ISO 8601' });

/** Whether the coordinator lives. */
export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')], {
    description: 'degraded: runs do not go on at the moment, see problem',
  }),
  problem: Type.Optional(
    Type.Object(
      { code: Type.String(), title: Type.String(), remedy: Type.String(), since },
      { description: 'The oldest there is; the log and the error reference say more' },
    ),
  ),
  version: Type.String(),
  connectedNodes: Type.Integer(),
});

/** The coordinator can do its work. */
export const Ready = Type.Object({ status: Type.Literal('ready'), version: Type.String() });

/** Why it cannot, and since when. */
export const readinessProblem = {
  description: 'It cannot do its work: the disk is full, another coordinator is at work, records are damaged',
  content: {
    'application/problem+json': { schema: Type.Object({ ...ProblemResource.properties, since }) },
  },
} as const;
