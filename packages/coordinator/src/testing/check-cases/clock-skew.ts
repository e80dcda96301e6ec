import type { ClusterView } from '../../plan/cluster-view.ts';
import { clockSkew } from '../../preflight/checks/clock-skew.ts';
import { exampleView } from '../example-view.ts';
import { testCheck } from '../test-check.ts';

function skewed(skews: readonly number[]): ClusterView {
  const view = exampleView();
  return { ...view, nodes: view.nodes.map((node, index) => ({ ...node, clockSkewMs: skews[index] ?? 0 })) };
}

testCheck(clockSkew, {
  finds: [
    ['a clock that is behind', 'skewed', skewed([4_000, -9_000, 4_000]), /9\.0 s behind the coordinator’s/],
    [
      'two clocks that are apart from each other',
      'apart',
      skewed([0, -3_000, 4_000]),
      /the clocks of worker-1 and worker-2 are 7\.0 s apart/,
    ],
  ],
  passes: [['clocks that are near enough', skewed([2_000, -2_500, 0])]],
});
