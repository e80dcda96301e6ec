import type { Check } from '../check.ts';
import { repairable } from './repairable.ts';

/** The kubelet registers under the hostname. */
export const hostname: Check = {
  id: 'hostname',
  ofFacts: repairable('set-hostname', ({ spec, facts }) =>
    facts.host.hostname === spec.name ? [] : [`the hostname is ${facts.host.hostname}`],
  ),
};
