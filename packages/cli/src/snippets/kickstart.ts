import { Secret } from '@drover/core';
import { agentUnit, type MachineFile, type MachineSetup, machineFiles, packageOf, titleOf } from './machine-setup.ts';

/** Of the texts inside the script. None of the files has such a line. */
const delimiter = 'DROVER_END';

/**
 * The setup as a `%post` section of a kickstart file: it runs in the installed system, at the end of the installation, which
 * fails where it does (https://pykickstart.readthedocs.io/en/latest/kickstart-docs.html). Nothing starts before the reboot.
 */
export function renderKickstart(setup: MachineSetup): Secret {
  const lines = [
    `# ${titleOf(setup)}`,
    '%post --interpreter=/bin/bash --erroronfail',
    'set -euo pipefail',
    ...machineFiles(setup).flatMap(writeFile),
    `yum install -y ${quote(packageOf(setup.source))}`,
    `systemctl enable ${agentUnit}`,
    '%end',
    '',
  ];
  return new Secret(lines.join('\n'));
}

/** The mode is given before there is anything to read. */
function writeFile({ path, mode, content }: MachineFile): readonly string[] {
  const install = `install -D -m 0${mode.toString(8)} /dev/stdin ${path} <<'${delimiter}'`;
  return [install, content.trimEnd(), delimiter];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
