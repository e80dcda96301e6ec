import { Secret } from '@drover/core';
import { stringify } from 'yaml';
import { agentUnit, type MachineSetup, machineFiles, packageOf, titleOf } from './machine-setup.ts';

/**
 * The setup as cloud-config, for a machine's user data. Files are written before packages are installed, so that the agent
 * finds them at its first start: https://docs.cloud-init.io/en/latest/reference/modules.html
 */
export function renderCloudInit(setup: MachineSetup): Secret {
  const document = {
    write_files: machineFiles(setup).map(({ path, mode, content }) => ({
      path,
      owner: 'root:root',
      permissions: `0${mode.toString(8)}`,
      content,
    })),
    // Lists: cloud-init quotes each word for the shell that it has read them. `yum` is on all of Enterprise Linux since 7.
    runcmd: [
      ['yum', 'install', '-y', packageOf(setup.source)],
      ['systemctl', 'enable', '--now', agentUnit],
    ],
  };
  return new Secret(`#cloud-config\n# ${titleOf(setup)}\n${stringify(document, { lineWidth: 0 })}`);
}
