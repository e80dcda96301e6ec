import { createHash } from 'node:crypto';
import type { ProgramCall } from '../program.ts';

/** How pulling an image ended: with its digest, or with what kept it from being pulled. */
export type Pulled =
  | { readonly digest: string }
  | { readonly failure: 'unreachable' | 'missing'; readonly host: string };

/** Puts an image into the machine's store, from where the simulated site says that it is. */
export async function pullImage(call: ProgramCall, reference: string): Promise<Pulled> {
  const host = reference.includes('/') ? (reference.split('/')[0] ?? '') : 'docker.io';
  const { unreachableHosts, missingImages } = call.machine.world.supply();
  if (unreachableHosts.includes(host)) {
    await call.work(500);
    return { failure: 'unreachable', host };
  }
  if (missingImages.includes(reference)) return { failure: 'missing', host };
  await call.work(250);
  const digest = `sha256:${createHash('sha256').update(reference).digest('hex')}`;
  await call.machine.change((state) => {
    state.images[reference] = digest;
  });
  return { digest };
}
