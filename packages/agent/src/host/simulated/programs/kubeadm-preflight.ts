import { createHash } from 'node:crypto';
import { optionValues, type ProgramCall } from '../program.ts';
import { nodeRuntime } from './node-runtime.ts';

/** A kubeadm document, as far as it is played. */
export interface PlayedDocument {
  readonly kind: string;
  readonly kubernetesVersion?: string;
  readonly controlPlaneEndpoint?: string;
  readonly imageRepository?: string;
  readonly certificateKey?: string;
  readonly controlPlane?: {
    readonly certificateKey?: string;
    readonly localAPIEndpoint?: { readonly advertiseAddress?: string };
  };
  readonly localAPIEndpoint?: { readonly advertiseAddress?: string };
  readonly skipPhases?: readonly string[];
  readonly nodeRegistration?: {
    readonly name?: string;
    readonly criSocket?: string;
    readonly ignorePreflightErrors?: readonly string[];
  };
  readonly discovery?: {
    readonly bootstrapToken?: {
      readonly token: string;
      readonly apiServerEndpoint: string;
      readonly caCertHashes?: readonly string[];
    };
  };
}

/** The documents of the file that `--config` names. */
export async function readDocuments(call: ProgramCall): Promise<readonly PlayedDocument[]> {
  const path = optionValues(call.args, 'config')[0] ?? '';
  const text = await call.machine.files.readFile(path);
  if (text === undefined) throw new Error(`open ${path}: no such file or directory`);
  return text.split('\n---\n').map((document) => JSON.parse(document) as PlayedDocument);
}

/** The socket of the runtime, as the configuration names it. */
export async function readCriSocket(call: ProgramCall): Promise<string | undefined> {
  const sockets = (await readDocuments(call)).map(({ nodeRegistration }) => nodeRegistration?.criSocket);
  return sockets.find((socket) => socket !== undefined);
}

/** What a simulated cluster keeps of the key under which its certificates were uploaded. */
export function digestCertificateKey(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}

/** What kubeadm checks before it changes anything, under its own names (cmd/kubeadm/app/preflight/checks.go). */
export async function preflight(call: ProgramCall, role: 'init' | 'join'): Promise<boolean> {
  const { files } = call.machine;
  const exists = async (path: string) => (await files.status(path)) !== undefined;
  const holds = async (path: string, value: string) => (await files.readFile(path))?.trim() === value;
  const occupied =
    role === 'init'
      ? ['/etc/kubernetes/manifests/kube-apiserver.yaml', '/etc/kubernetes/admin.conf']
      : ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/bootstrap-kubelet.conf', '/etc/kubernetes/pki/ca.crt'];
  const checks: [name: string, isWrong: boolean, message: string][] = [
    ['CRI', !(await nodeRuntime(call.machine, await readCriSocket(call))).runs, 'container runtime is not running'],
    [
      'Swap',
      /^\//m.test((await files.readFile('/proc/swaps')) ?? ''),
      'running with swap on is not supported. Please disable swap',
    ],
    [
      'FileContent--proc-sys-net-bridge-bridge-nf-call-iptables',
      !(await holds('/proc/sys/net/bridge/bridge-nf-call-iptables', '1')),
      '/proc/sys/net/bridge/bridge-nf-call-iptables contents are not set to 1',
    ],
    [
      'FileContent--proc-sys-net-ipv4-ip_forward',
      !(await holds('/proc/sys/net/ipv4/ip_forward', '1')),
      '/proc/sys/net/ipv4/ip_forward contents are not set to 1',
    ],
    [
      'DirAvailable--var-lib-etcd',
      role === 'init' && (await exists('/var/lib/etcd/member')),
      '/var/lib/etcd is not empty',
    ],
  ];
  for (const path of occupied) {
    checks.push([`FileAvailable-${path.replaceAll('/', '-')}`, await exists(path), `${path} already exists`]);
  }
  return report(call, checks, await ignoredErrors(call));
}

/** By the command line and by the configuration file alike. */
async function ignoredErrors(call: ProgramCall): Promise<ReadonlySet<string>> {
  const flagged = optionValues(call.args, 'ignore-preflight-errors').flatMap((list) => list.split(','));
  const written = (await readDocuments(call)).flatMap(
    ({ nodeRegistration }) => nodeRegistration?.ignorePreflightErrors ?? [],
  );
  return new Set([...flagged, ...written].map((name) => name.toLowerCase()));
}

function report(
  call: ProgramCall,
  checks: readonly [string, boolean, string][],
  ignored: ReadonlySet<string>,
): boolean {
  const wrong = checks.filter(([, isWrong]) => isWrong);
  const fatal = wrong.filter(([name]) => !ignored.has(name.toLowerCase()) && !ignored.has('all'));
  if (fatal.length === 0) return true;
  call.complain('error execution phase preflight: [preflight] Some fatal errors occurred:');
  for (const [name, , message] of fatal) call.complain(`\t[ERROR ${name}]: ${message}`);
  return false;
}
