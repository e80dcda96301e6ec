import { controlPlaneNodes } from '../../clusters/endpoint.ts';
import { specCheck } from '../define-check.ts';

/** An etcd of an even number survives no more losses than one of a member less, and has one more to lose. */
export const controlPlaneCount = specCheck({
  id: 'control-plane-count',
  title: 'The number of control-plane nodes is odd',
  shows: 'Nothing but the number',
  rules: {
    even: {
      severity: 'warning',
      when: 'It is even',
      source: 'https://etcd.io/docs/v3.4/faq/#why-an-odd-number-of-cluster-members',
      remedy: 'Have a control-plane node more, or one less.',
    },
  },
  ofSpec: ({ spec }) => {
    const { length } = controlPlaneNodes(spec);
    if (length % 2 === 1) return [];
    const survives = length / 2 - 1;
    const message = `${length} control-plane nodes survive the loss of ${survives === 0 ? 'none' : survives}, as ${length - 1} would`;
    return [{ rule: 'even', message, remedy: `Have ${length - 1} or ${length + 1} control-plane nodes.` }];
  },
});
