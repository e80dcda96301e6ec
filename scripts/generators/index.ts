import { fieldNumbersGenerator } from './field-numbers.ts';
import type { Generator } from './generator.ts';
import { protoGenerator } from './proto.ts';
import { referenceGenerator } from './reference.ts';

/** Every generator of the repository. A new one is one file beside this and one line here. */
export const generators: readonly Generator[] = [protoGenerator, fieldNumbersGenerator, referenceGenerator];
