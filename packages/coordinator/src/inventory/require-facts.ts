import { Facts } from '@drover/proto';
import { Value } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';

/** What an agent sent as its facts. Throws `facts-unusable` with the first faults when it is something else. */
export function requireFacts(document: unknown, details: { readonly tried: string; readonly node?: string }): Facts {
  if (Value.Check(Facts, document)) return document;
  throw coordinatorErrors.create('facts-unusable', {
    ...details,
    reason: 'the agent answered something else than facts',
    faults: Value.Errors(Facts, document)
      .slice(0, 5)
      .map(({ instancePath, message }) => ({ path: instancePath, message })),
  });
}
