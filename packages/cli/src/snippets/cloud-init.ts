import { Secret } from '@drover/core';
import { stringify } from 'yaml';
import { agentUnit, type MachineSetup, machineFiles, type PackageSource, packageOf, titleOf } from './machine-setup.ts';

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
    // Lists: cloud-init quotes each word for the shell that it has read them.
    runcmd: [...installCommands(setup.source), ['systemctl', 'enable', '--now', agentUnit]],
  };
  return new Secret(`#cloud-config\n# ${titleOf(setup)}\n${stringify(document, { lineWidth: 0 })}`);
}

const downloaded = '/var/cache/apt/archives/drover-agent.deb';

function installCommands(source: PackageSource): readonly (readonly string[])[] {
  // `yum` is on all of Enterprise Linux since 7.
  if (source.kind !== 'deb') return [['yum', 'install', '-y', packageOf(source)]];
  // apt-get installs files and not addresses; apt brings a program that fetches them (apt-helper). A fresh image has no package
  // lists, and the configuration that has been written is kept without a question (dpkg(1), --force-confold).
  const aptGet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  return [
    ['/usr/lib/apt/apt-helper', 'download-file', source.url, downloaded],
    [...aptGet, 'update'],
    [...aptGet, 'install', '-y', '-o', 'Dpkg::Options::=--force-confold', downloaded],
  ];
}
