import type { ActionParams } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { EnsureAction } from './action.ts';
import { comment } from './shell/quote.ts';
import { proveConfiguration } from './verify/configuration.ts';
import { provePlacement } from './verify/placement.ts';
import { type Playground, withPlayground } from './verify/playground.ts';
import { proveRollout } from './verify/rollout.ts';
import { proveSelfRepair } from './verify/self-repair.ts';
import { proveService } from './verify/service.ts';
import { proveStorage } from './verify/storage.ts';

type Capability = Exclude<ActionParams<'verify-capability'>['capability'], 'CAPABILITY_UNSPECIFIED'>;

const proofs: Readonly<Record<Capability, (playground: Playground) => Promise<void>>> = {
  SERVICE: proveService,
  STORAGE: proveStorage,
  ROLLOUT: proveRollout,
  PLACEMENT: provePlacement,
  SELF_REPAIR: proveSelfRepair,
  CONFIGURATION: proveConfiguration,
};

/**
 * Proves one ability of the cluster by having small pods use it, in a namespace that is gone afterwards. Throws
 * `capability-not-proved` with what the cluster said of the pods.
 */
export const verifyCapability: EnsureAction<'verify-capability'> = {
  kind: 'ensure',
  name: 'verify-capability',
  proof: true,
  inspect: async (context, { capability }) => {
    const { name } = findProof(context.nodeName, capability);
    return { satisfied: false, changes: [{ subject: `capability ${name}`, before: 'not proved', after: 'proved' }] };
  },
  apply: async (context, { capability, image }) => {
    const { name, prove } = findProof(context.nodeName, capability);
    if (context.host.kind === 'simulated') {
      throw agentErrors.create('cannot-be-simulated', {
        tried: `prove ${name}`,
        node: context.nodeName,
        reason: 'a simulated cluster runs no pods, and a proof without them would prove nothing',
      });
    }
    await withPlayground(context, { capability: name, image }, prove);
  },
  byHand: (_context, { capability }) => [
    comment(
      `Drover proves "${capability.toLowerCase().replaceAll('_', ' ')}" with small pods of its own; by hand, run some of yours.`,
    ),
  ],
};

function findProof(node: string, capability: ActionParams<'verify-capability'>['capability']) {
  if (capability !== 'CAPABILITY_UNSPECIFIED')
    return { name: capability.toLowerCase().replace('_', '-'), prove: proofs[capability] };
  throw agentErrors.create('parameters-invalid', {
    tried: 'prove a capability of the cluster',
    node,
    reason: 'the request names none that this agent knows',
  });
}
