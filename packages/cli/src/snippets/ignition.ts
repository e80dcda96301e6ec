import { Secret } from '@drover/core';
import { agentUnit, type MachineFile, type MachineSetup, machineFiles, packageOf } from './machine-setup.ts';

/** Which Ignition of 2019 and later reads: https://coreos.github.io/ignition/configuration-v3_0/ */
const specVersion = '3.0.0';

/**
 * The setup as an Ignition configuration, for systems whose packages are layered by rpm-ostree. Ignition itself installs
 * none: a unit does so at the first boot, and again at each boot until it has succeeded.
 */
export function renderIgnition(setup: MachineSetup): Secret {
  const document = {
    ignition: { version: specVersion },
    storage: { files: machineFiles(setup).map(toIgnitionFile) },
    systemd: {
      units: [{ name: 'drover-agent-install.service', enabled: true, contents: installUnit(packageOf(setup.source)) }],
    },
  };
  return new Secret(`${JSON.stringify(document, null, 2)}\n`);
}

/** Modes are decimal numbers in the document. */
function toIgnitionFile({ path, mode, content }: MachineFile) {
  const source = `data:;base64,${Buffer.from(content).toString('base64')}`;
  return { path, mode, overwrite: true, contents: { source } };
}

function installUnit(packageToInstall: string): string {
  return [
    '[Unit]',
    'Description=Install the Drover agent',
    'Wants=network-online.target',
    'After=network-online.target',
    `ConditionPathExists=!/usr/lib/systemd/system/${agentUnit}`,
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=/usr/bin/rpm-ostree install --assumeyes --idempotent --allow-inactive --apply-live ${escapeForUnit(packageToInstall)}`,
    `ExecStart=/usr/bin/systemctl enable --now ${agentUnit}`,
    'Restart=on-failure',
    'RestartSec=30',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** Percent signs and dollars have a meaning of their own in a command line: systemd.service(5). */
function escapeForUnit(text: string): string {
  return text.replaceAll('%', '%%').replaceAll('$', '$$$$');
}
