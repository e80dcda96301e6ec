import { controlPlaneNodes } from '../../clusters/endpoint.ts';
import type { Check } from '../check.ts';

/** An etcd of an even number survives no more losses than one of a member less, and has one more to lose. https://etcd.io/docs/v3.4/faq/ */
export const controlPlaneCount: Check = {
  id: 'control-plane-count',
  ofSpec: ({ spec }) => {
    const { length } = controlPlaneNodes(spec);
    if (length % 2 === 1) return [];
    const survives = length / 2 - 1;
    const message = `${length} control-plane nodes survive the loss of ${survives === 0 ? 'none' : survives}, as ${length - 1} would`;
    return [{ severity: 'warning', message, remedy: `Have ${length - 1} or ${length + 1} control-plane nodes.` }];
  },
};
