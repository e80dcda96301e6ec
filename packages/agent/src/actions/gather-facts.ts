import { gatherFacts as sweep } from '../facts/gather.ts';
import type { QueryAction } from './action.ts';

/** Answers with the Facts document of this machine, as of now. */
export const gatherFacts: QueryAction<'gather-facts'> = {
  kind: 'query',
  name: 'gather-facts',
  answer: (context) => sweep(context),
};
