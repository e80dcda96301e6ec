import assert from 'node:assert/strict';
import { execOnHost, findHost } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { lab, onHost } from '../quick-start.ts';
import { rejoinMs } from './site.ts';

/** What one attempt to join as a control plane was given. */
export interface Attempt {
  /** The secret half of its bootstrap token. */
  readonly token: string;
  readonly certificateKey: string;
}

/** Stops `kubeadm join` once it has brought the cluster’s keys; prints its configuration. */
const catchScript = `
until pgrep -f '^[a-z/]*kubeadm join' >/dev/null && [ -e /etc/kubernetes/pki/ca.key ]; do sleep 0.05; done
pkill -STOP -f '^[a-z/]*kubeadm join'
find /run/drover-agent -name kubeadm.yaml -printf '%T@ %p\\n' | sort -n | tail -n 1 | cut -d ' ' -f 2 | xargs cat
`;

/** Catches a machine in the middle of its next join, and holds it there: the cluster’s keys are on its disk. */
export async function catchJoin(host: string): Promise<Attempt> {
  const caught = await execOnHost(lab, await findHost(lab, host), ['sh', '-c', catchScript], { timeoutMs: rejoinMs });
  const token = /\b[0-9a-z]{6}\.([0-9a-z]{16})\b/.exec(caught.stdout)?.[1];
  const certificateKey = /certificateKey\W+([0-9a-f]{64})\b/.exec(caught.stdout)?.[1];
  assert.ok(
    token !== undefined && certificateKey !== undefined,
    `${caught.stdout.length} characters, ${caught.stderr}`,
  );
  return { token, certificateKey };
}

/** Lets a join that was caught go on, or ends it. */
export async function signalJoin(host: string, signal: 'CONT' | 'KILL'): Promise<void> {
  await onHost(host, 'pkill', `-${signal}`, '-f', '^[a-z/]*kubeadm join');
}

/** Until the file of kubeadm’s configuration, which is in memory, is gone. */
export async function untilFileGone(host: string): Promise<void> {
  await until(
    () => `the file of a join on ${host} to be gone`,
    async () => (await onHost(host, 'find', '/run/drover-agent', '-name', 'kubeadm.yaml').catch(() => 'off')) === '',
    60_000,
  );
}

/** By names, for a search. `index` tells attempts apart. */
export function secretsOf({ token, certificateKey }: Attempt, index: number): readonly (readonly [string, string])[] {
  return [
    [`token ${index}`, token],
    [`certificate key ${index}`, certificateKey],
  ];
}

/** Of each private key that a control-plane node is handed, a line by which it is known. */
export async function authorityKeys(host: string): Promise<readonly (readonly [string, string])[]> {
  const names = ['ca.key', 'front-proxy-ca.key', 'sa.key', 'etcd/ca.key'];
  return await Promise.all(
    names.map(async (name) => {
      const line = (await onHost(host, 'cat', `/etc/kubernetes/pki/${name}`)).split('\n')[2];
      assert.match(line ?? '', /^[A-Za-z0-9+/]{64}$/);
      return [name, line ?? ''] as const;
    }),
  );
}
