import { randomBytes, X509Certificate } from 'node:crypto';
import { hashPublicKey } from '@drover/core';
import { makeCaCertificate } from '../host/simulated/world/ca-certificate.ts';
import type { FakeProgram } from './fake-host.ts';

/** A cluster as its members' disks show it. */
export interface ClusterOnDisk {
  /** PEM. */
  readonly ca: string;
  readonly caHash: string;
  /** `host:port`. */
  readonly endpoint: string;
}

/** A cluster with a CA of its own. */
export function createClusterOnDisk(endpoint = 'cluster-endpoint:6443'): ClusterOnDisk {
  const ca = makeCaCertificate(Date.UTC(2026, 0), (size) => randomBytes(size));
  const caHash = hashPublicKey(new X509Certificate(ca).publicKey.export({ type: 'spki', format: 'der' }));
  return { ca, caHash, endpoint };
}

/** The files that a worker has. */
export function workerFiles({ ca, endpoint }: ClusterOnDisk): Record<string, string> {
  return { '/etc/kubernetes/pki/ca.crt': ca, '/etc/kubernetes/kubelet.conf': `    server: https://${endpoint}\n` };
}

/** The files that a control plane has, etcd's data included. */
export function controlPlaneFiles(cluster: ClusterOnDisk, version = 'v1.20.2'): Record<string, string> {
  const pods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  return {
    ...workerFiles(cluster),
    ...Object.fromEntries(
      pods.map((name) => [`/etc/kubernetes/manifests/${name}.yaml`, `    image: registry/${name}:${version}\n`]),
    ),
    '/etc/kubernetes/manifests/etcd.yaml': '    image: registry/etcd:3.4.13-0\n',
    '/etc/kubernetes/admin.conf': `    server: https://${cluster.endpoint}\n`,
    '/var/lib/etcd/member/snap/db': '',
  };
}

/** The agent's mark of a membership. */
export function markFile(mark: {
  readonly role: 'control-plane' | 'worker';
  readonly caHash: string | null;
  readonly answered?: boolean;
  readonly finished: boolean;
}): Record<string, string> {
  const at = '2026-01-01T00:00:00.000Z';
  const text = JSON.stringify({
    role: mark.role,
    apiServerEndpoint: 'cluster-endpoint:6443',
    caHash: mark.caHash,
    begunAt: at,
    answeredAt: (mark.answered ?? mark.finished) ? at : null,
    finishedAt: mark.finished ? at : null,
    operationId: 'operation-0',
    bootId: null,
  });
  return { '/var/lib/drover-agent/membership.json': text };
}

/** `systemctl is-active` with these units running. */
export function systemctlProgram(running: readonly string[]): FakeProgram {
  return ({ args }) => {
    const answers = args.slice(1).map((unit) => (running.includes(unit) ? 'active' : 'inactive'));
    return { status: answers.includes('inactive') ? 3 : 0, stdout: `${answers.join('\n')}\n` };
  };
}
