import type { Check } from '../check.ts';
import { repairable } from './repairable.ts';

/** Bridged packets have to reach iptables, or services do not work. */
export const kernelModules: Check = {
  id: 'kernel-modules',
  ofFacts: repairable('load-kernel-modules', ({ facts: { kernelModules: found } }) => [
    ...(found.bridgeNetfilter ? [] : ['bridged packets do not reach iptables: br_netfilter is missing']),
    ...(found.overlay ? [] : ['the overlay file system is missing']),
  ]),
};
