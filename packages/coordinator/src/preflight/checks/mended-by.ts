import type { ActionName } from '@drover/proto';
import type { Rule } from '../check.ts';

/** The part of a rule that says that the run mends what breaks it: worth knowing beforehand, and nothing to do. */
export function mendedBy(fixedBy: ActionName): Pick<Rule, 'severity' | 'remedy' | 'fixedBy'> {
  return { severity: 'warning', remedy: `Nothing to do: the run mends it (${fixedBy}).`, fixedBy };
}
