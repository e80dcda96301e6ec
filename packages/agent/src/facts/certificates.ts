import { X509Certificate } from 'node:crypto';
import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Certificate = NonNullable<Facts['certificates']>[number];

/** Where kubeadm and the kubelet keep certificates, by https://kubernetes.io/docs/setup/best-practices/certificates/ */
const directories = ['/etc/kubernetes/pki', '/etc/kubernetes/pki/etcd'];
/** The kubelet's own kubelet.crt is not among them: it is self-signed, and nobody checks it. */
const files = ['/var/lib/kubelet/pki/kubelet-client-current.pem'];
const kubeconfigs = ['admin', 'super-admin', 'controller-manager', 'scheduler'].map(
  (name) => `/etc/kubernetes/${name}.conf`,
);

/** Until when the certificates of the kubelet and of a control plane are valid. Keys are in some of the files; they are not looked at. */
export async function readCertificates(host: ReadonlyHost): Promise<Certificate[]> {
  const listed = await Promise.all(
    directories.map(async (path) =>
      (await host.listDirectory(path)).filter((name) => name.endsWith('.crt')).map((name) => `${path}/${name}`),
    ),
  );
  const found = await Promise.all([
    ...[...listed.flat(), ...files].map(async (path) => describe(path, await host.readFile(path))),
    ...kubeconfigs.map(async (path) => describe(path, ofKubeconfig(await host.readFile(path)))),
  ]);
  return found.flat();
}

function ofKubeconfig(text: string | undefined): string | undefined {
  const data = /^\s+client-certificate-data:\s*(\S+)\s*$/m.exec(text ?? '')?.[1];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}

/** The first certificate of a file; what is none, or is cut off, is left to who uses it. */
function describe(path: string, pem: string | undefined): Certificate[] {
  const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem ?? '')?.[0];
  if (block === undefined) return [];
  try {
    const { subject, validToDate } = new X509Certificate(block);
    return [{ path, subject: subject.replaceAll('\n', ', '), expiresAt: validToDate.toISOString() }];
  } catch {
    return [];
  }
}
