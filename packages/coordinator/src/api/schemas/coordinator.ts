import { type Static, Type } from 'typebox';
import { StoredProblem } from './problem.ts';

const Mark = Type.Object({
  epoch: Type.Integer({ description: 'The start: each has the next number' }),
  coordinatorId: Type.String({ description: 'Names the process of that start' }),
  revision: Type.Integer({ description: 'How far its store had come' }),
});

/** Which coordinator this is, and whether another has been at work. */
export const CoordinatorResource = Type.Object({
  ...Mark.properties,
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
