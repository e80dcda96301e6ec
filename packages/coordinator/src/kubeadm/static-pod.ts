/** A static pod of kube-system on the host's network, of one container. */
export interface StaticPodOptions {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do beyond others, as NET_ADMIN. */
  readonly capabilities?: readonly string[];
  /** Files of the host that it sees, all of them to read alone. They have to be there before it starts. */
  readonly files: readonly { readonly hostPath: string; readonly mountPath: string }[];
  /** Where it has to accept connections, once it runs. */
  readonly livenessPort?: number;
  /** Changes with what its files say, so that the kubelet starts it anew. */
  readonly configurationHash?: string;
}

/** The manifest as JSON, which the kubelet reads as it reads YAML. */
export function renderStaticPod(options: StaticPodOptions): string {
  const { name, image, args, command, environment = {}, capabilities = [], files, livenessPort } = options;
  const container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
    securityContext: { capabilities: { add: capabilities } },
    ...(livenessPort === undefined ? {} : { livenessProbe: livenessProbe(livenessPort) }),
    volumeMounts: files.map(({ mountPath }, index) => ({ name: `file-${index}`, mountPath, readOnly: true })),
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      ...(options.configurationHash === undefined
        ? {}
        : { annotations: { 'drover.dev/configuration': options.configurationHash } }),
    },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      containers: [container],
      volumes: files.map(({ hostPath }, index) => ({
        name: `file-${index}`,
        hostPath: { path: hostPath, type: 'File' },
      })),
    },
  };
  return `${JSON.stringify(pod, undefined, 2)}\n`;
}

function livenessProbe(port: number): object {
  return { tcpSocket: { host: '127.0.0.1', port }, initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 6 };
}
