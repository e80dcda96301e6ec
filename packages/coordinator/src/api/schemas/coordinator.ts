import { type Static, Type } from 'typebox';
import { StoredProblem } from './problem.ts';

const Mark = Type.Object({
  epoch: Type.Integer({ description: 'The start: each has the next number' }),
  coordinatorId: Type.String({ description: 'Names the process of that start' }),
  revision: Type.Integer({ description: 'How far its store had come' }),
});

const AgentEndpoints = Type.Object({
  enrollment: Type.String({ description: 'host:port of the enrolment listener' }),
  session: Type.String({ description: 'host:port of the session listener' }),
});

/** Which coordinator this is, where agents reach it, and whether another has been at work. */
export const CoordinatorResource = Type.Object({
  ...Mark.properties,
  agentEndpoints: Type.Array(AgentEndpoints, {
    description: 'What `coordinators` of an agent’s configuration may be: one for each advertised name',
  }),
  pin: Type.String({
    description:
      'What a machine needs to trust this coordinator, in place of a token: nothing secret, and it lets nobody in',
  }),
  superseded: Type.Optional(
    Type.Object(
      {
        node: Type.String({ description: 'The id of the node that showed it' }),
        shown: Mark,
        provedAt: Type.String({ description: 'ISO 8601' }),
        problem: StoredProblem,
      },
      { description: 'A node has obeyed a coordinator with the same CA that this one knows nothing of' },
    ),
  ),
});
export type CoordinatorResource = Static<typeof CoordinatorResource>;

/** What an administrator confirms. */
export const CoordinatorConfirmation = Type.Object(
  {
    epoch: Type.Integer({ minimum: 1, description: 'The epoch that was shown, as `superseded.shown.epoch` names it' }),
  },
  { additionalProperties: false },
);
