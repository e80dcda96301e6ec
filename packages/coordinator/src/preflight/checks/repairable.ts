import type { ActionName } from '@drover/proto';
import type { NodeView } from '../../plan/cluster-view.ts';
import type { FactsEvaluation } from '../check.ts';

/** The form of a check whose findings the run mends: one warning per node that has something to mend. */
export function repairable(fixedBy: ActionName, observe: (node: NodeView) => readonly string[]): FactsEvaluation {
  return ({ nodes }) =>
    nodes.flatMap((node) => {
      const [message, ...evidence] = observe(node);
      if (message === undefined) return [];
      const remedy = `Nothing to do: the run mends it (${fixedBy}).`;
      return [{ severity: 'warning' as const, node: node.spec.name, message, evidence, remedy, fixedBy }];
    });
}
