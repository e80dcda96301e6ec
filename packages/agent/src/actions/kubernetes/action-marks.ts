import { Type } from 'typebox';
import { markFile } from './mark-file.ts';

/** Written before a membership is taken off the disk: half of one tells no longer whose it was. */
export const resetMark = markFile(
  'reset.json',
  Type.Object({
    /** Of the CA of the cluster that is being left. */
    caHash: Type.String(),
    operationId: Type.String(),
  }),
);

/** Written before a node is upgraded: of a worker nothing else tells how far that came. */
export const upgradeMark = markFile(
  'upgrade.json',
  Type.Object({
    /** As in `v1.20.9`. */
    version: Type.String(),
    operationId: Type.String(),
    isFinished: Type.Boolean(),
  }),
);
