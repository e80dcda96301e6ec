import type { EnsureAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { applyDropIn, type DropIn, dropInByHand, inspectDropIn } from './services/drop-in.ts';

/**
 * cri-dockerd with the sandbox image that the cluster wants: it knows of none but by its arguments, and its own lies in a
 * registry that a machine may not reach. What else the package's unit gives it stays: the socket, by systemd.
 */
export const configureCriDockerd: EnsureAction<'configure-cri-dockerd'> = {
  kind: 'ensure',
  name: 'configure-cri-dockerd',
  inspect: async (context, params) => {
    const isImage = /^([A-Za-z0-9][\w./:@-]*)?$/.test(params.sandboxImage);
    const fault = faultUnless(isImage, 'sandbox_image', `is no image reference: "${params.sandboxImage}"`);
    rejectFaults('configure-cri-dockerd', context.nodeName, fault);
    const changes = await inspectDropIn(context, dropInOf(params.sandboxImage));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => applyDropIn(context, dropInOf(params.sandboxImage)),
  byHand: (_context, params) => dropInByHand(dropInOf(params.sandboxImage)),
};

function dropInOf(sandboxImage: string): DropIn {
  const image = sandboxImage === '' ? '' : ` --pod-infra-container-image=${sandboxImage}`;
  // The first line takes the package's own command away: two of them are refused for a service of this kind.
  const lines = [
    '[Service]',
    'ExecStart=',
    `ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd://${image}`,
  ];
  return { unit: 'cri-docker.service', name: '10-drover', content: `${lines.join('\n')}\n` };
}
