import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execOnHost, findHost, machineAddress, renderNetworkManifest, writeHostFile } from '@drover/lab';
import { kubectl, lab } from '../quick-start.ts';

const [controlPlane, worker] = ['control-plane-1', 'worker-1'];

/** Makes a cluster of two bare hosts as a person does, without anything of Drover: packages, kubeadm, labels of their own. */
export async function makeClusterByHand(): Promise<void> {
  const mirror = machineAddress(lab);
  const { address } = await findHost(lab, controlPlane);
  await Promise.all([controlPlane, worker].map((name) => type(name, 'prepare-machine.sh', mirror, address)));
  const content = await renderNetworkManifest(`${mirror}:5000`);
  const manifest = { path: '/root/network.yaml', content, mode: 0o644 };
  await writeHostFile(lab, await findHost(lab, controlPlane), manifest);
  await type(controlPlane, 'init-cluster.sh', mirror, address);
  await run(worker, await run(controlPlane, 'kubeadm token create --print-join-command 2>/dev/null'));
  await kubectl('label', 'node', worker, 'example.org/disk=ssd', 'rack=7');
  await kubectl('taint', 'node', worker, 'example.org/slow=disk:PreferNoSchedule');
  await kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=50s');
}

/** A script of this folder, on a host. */
async function type(host: string, script: string, ...parameters: readonly string[]): Promise<void> {
  await run(host, `set -eu\n${await readFile(join(import.meta.dirname, script), 'utf8')}`, ...parameters);
}

async function run(name: string, script: string, ...parameters: readonly string[]): Promise<string> {
  const argv = ['sh', '-c', script, 'sh', ...parameters];
  const { exitCode, stdout, stderr } = await execOnHost(lab, await findHost(lab, name), argv, { timeoutMs: 400_000 });
  assert.equal(exitCode, 0, `on ${name}: ${stderr.slice(-2_000)}`);
  return stdout;
}
