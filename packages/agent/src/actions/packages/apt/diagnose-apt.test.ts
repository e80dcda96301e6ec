import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentErrors } from '../../../errors.ts';
import { diagnoseApt } from './diagnose-apt.ts';

// What apt and dpkg of Debian 11 to 13 write.
for (const [line, code] of [
  [
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ",
    'package-database-interrupted',
  ],
  ['dpkg: error processing archive x.deb (--unpack): write error: No space left on device', 'disk-full'],
  ["E: You don't have enough free space in /var/cache/apt/archives/.", 'disk-full'],
  ['E: The repository is not signed: NO_PUBKEY 234654DA9A296436', 'repository-signature-invalid'],
  ['W: GPG error: https://pkgs.k8s.io InRelease: EXPKEYSIG 234654DA9A296436', 'repository-signature-invalid'],
  ['E: Packages need to be removed but remove is disabled.', 'packages-conflict'],
  ['The following packages have unmet dependencies:', 'packages-conflict'],
  ["E: The repository 'http://x/  Release' does not have a Release file.", 'repository-unreachable'],
  ['E: Failed to fetch http://x/kubelet.deb  404  Not Found', 'repository-unreachable'],
  ['E: Something else', 'command-failed'],
] as const) {
  test(`“${line.trim()}” is ${code}`, () => {
    const details = {
      tried: 'run apt-get',
      reason: 'it ended with status 100',
      evidence: ['Reading package lists...', line],
    };
    const place = { tried: 'install kubelet', node: 'worker-1' };
    assert.equal(diagnoseApt(agentErrors.create('command-failed', details), place).code, code);
  });
}
