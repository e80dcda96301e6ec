import { X509Certificate } from 'node:crypto';
import { hashPublicKey } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { parseKubeconfig } from './kubeconfig.ts';

/** What the disk says of the cluster that the machine belongs to, as kubeadm lays it out. */
export async function readMembership(host: ReadonlyHost): Promise<Facts['membership']> {
  const [kubelet, manifest, etcd, ca] = await Promise.all([
    host.readFile('/etc/kubernetes/kubelet.conf'),
    host.status('/etc/kubernetes/manifests/kube-apiserver.yaml'),
    host.status('/var/lib/etcd/member'),
    host.readFile('/etc/kubernetes/pki/ca.crt'),
  ]);
  const kubeconfig = kubelet === undefined ? undefined : parseKubeconfig(kubelet);
  return {
    kubeletConfigured: kubelet !== undefined,
    controlPlane: manifest !== undefined,
    etcdData: etcd !== undefined,
    apiServer: kubeconfig?.server ?? null,
    caHash: hashCertificate(ca ?? kubeconfig?.caCertificate),
  };
}

function hashCertificate(pem: string | undefined): string | null {
  if (pem === undefined) return null;
  return hashPublicKey(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }));
}
