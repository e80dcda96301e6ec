import { digestOf } from '@drover/core';
import { type Facts, stillFacts } from '@drover/proto';

/** SHA-256 in hex over what facts say about the machine, without what moves by itself. */
export function digestFacts(facts: Facts): string {
  return digestOf(stillFacts(facts));
}
