import type { Check } from '../check.ts';
import { repairable } from './repairable.ts';

/** The kubelet refuses to start with swap on. */
export const swap: Check = {
  id: 'swap',
  ofFacts: repairable('disable-swap', ({ facts: { swap: found } }) => [
    ...found.active.map(({ path, kind }) => `swap is on: ${path} (${kind})`),
    ...found.fstab.map((line) => `/etc/fstab would turn swap on: ${line}`),
    ...found.units.map((unit) => `${unit} would turn swap on`),
  ]),
};
