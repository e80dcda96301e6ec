/** What Drover needs of a kubeconfig file. */
export interface Kubeconfig {
  /** The address of the API, as in `https://cluster-endpoint:6443`. */
  readonly server: string;
  /** PEM, or undefined when the file names its CA by path. */
  readonly caCertificate: string | undefined;
}

/**
 * Reads a kubeconfig as kubeadm writes it: YAML, one cluster, one line per key (k8s.io/client-go's clientcmd encodes it
 * so). Undefined when there is no server in it.
 */
export function parseKubeconfig(text: string): Kubeconfig | undefined {
  const server = /^\s+(?:- )?server:\s*(\S+)\s*$/m.exec(text)?.[1];
  const ca = /^\s+(?:- )?certificate-authority-data:\s*(\S+)\s*$/m.exec(text)?.[1];
  if (server === undefined) return undefined;
  return { server, caCertificate: ca === undefined ? undefined : Buffer.from(ca, 'base64').toString('utf8') };
}
