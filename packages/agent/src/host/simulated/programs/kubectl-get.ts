import { notPlayed, operands, optionValues, type ProgramCall } from '../program.ts';
import { validTokenIds } from '../world/bootstrap-tokens.ts';
import { isNodeReady, type SimulatedCluster, type SimulatedNode } from '../world/cluster.ts';

/** `kubectl get` with `--output=json`, of nodes and of stored objects by name, and `--raw=/readyz`. */
export function kubectlGet(call: ProgramCall, cluster: SimulatedCluster): number {
  if (optionValues(call.args, 'raw')[0] === '/readyz') {
    call.print('ok');
    return 0;
  }
  const [first = '', name] = operands(call.args).slice(1);
  const output = optionValues(call.args, 'output')[0];
  if (output === 'name' && first === 'node') return printName(call, cluster, name ?? '');
  // Nothing runs in a simulated cluster, and no kubelet renews a lease.
  if (first === 'pods' || first === 'leases') return printNone(call, output ?? '');
  if (output !== 'json') return notPlayed(call, 'kubectl');
  if (first === 'nodes') return printNodes(call, cluster);
  return printObjects(call, cluster, first, name);
}

function printNodes(call: ProgramCall, cluster: SimulatedCluster): number {
  const items = Object.values(cluster.nodes)
    .toSorted(byName)
    .map((node) => toNodeObject(call, cluster, node));
  return printJson(call, { kind: 'List', items });
}

function printObjects(call: ProgramCall, cluster: SimulatedCluster, first: string, name: string | undefined): number {
  const wanted = first.includes('/') ? operands(call.args).slice(1) : [`${first}/${name ?? ''}`];
  const namespace = optionValues(call.args, 'namespace')[0] ?? 'default';
  const found = wanted.flatMap((each): readonly unknown[] => {
    const [kind = '', objectName = ''] = each.split('/');
    const node = cluster.nodes[objectName];
    if (kind === 'node') return node === undefined ? [] : [toNodeObject(call, cluster, node)];
    const object = cluster.objects[`${kind}/${namespace}/${objectName}`];
    return object === undefined ? [] : [toObject(call, cluster, object)];
  });
  if (wanted.length > 1) return printJson(call, { kind: 'List', items: found });
  if (found.length > 0) return printJson(call, found[0]);
  if (call.args.includes('--ignore-not-found')) return 0;
  call.complain(`Error from server (NotFound): ${first} "${name ?? ''}" not found`);
  return 1;
}

function printNone(call: ProgramCall, output: string): number {
  return output === 'json' ? printJson(call, { kind: 'List', items: [] }) : 0;
}

/** With `--ignore-not-found` an object that is not there is an empty answer. */
function printName(call: ProgramCall, cluster: SimulatedCluster, name: string): number {
  if (cluster.nodes[name] !== undefined) call.print(`node/${name}`);
  return 0;
}

/** The API lists by name. */
function byName(a: SimulatedNode, b: SimulatedNode): number {
  return a.name < b.name ? -1 : 1;
}

function printJson(call: ProgramCall, answer: unknown): number {
  call.print(JSON.stringify(answer, null, 2));
  return 0;
}

function toObject(call: ProgramCall, cluster: SimulatedCluster, object: SimulatedCluster['objects'][string]) {
  const { kind, namespace, name } = object;
  const metadata = { name, namespace };
  if (name === 'kubeadm-config')
    return { kind, metadata, data: { ClusterConfiguration: clusterConfiguration(cluster, object.text) } };
  if (name !== 'cluster-info') return { kind, metadata };
  // The controller manager's signatures, one per valid token.
  const signatures = validTokenIds(cluster, call.machine.now()).map((id) => [`jws-kubeconfig-${id}`, 'simulated']);
  return { kind, metadata, data: Object.fromEntries(signatures) as Record<string, string> };
}

/** As kubeadm writes it: YAML, a line per key; what is nested is JSON, which is YAML. An upgrade changes the version. */
function clusterConfiguration({ version }: SimulatedCluster, given: string): string {
  const configuration = { ...(given === '' ? {} : (JSON.parse(given) as object)), kubernetesVersion: version };
  const isPlain = (value: unknown): value is string => typeof value === 'string' && /^[\w./:-]+$/.test(value);
  const lines = Object.entries(configuration).map(([key, value]: [string, unknown]) => {
    return `${key}: ${isPlain(value) ? value : JSON.stringify(value)}\n`;
  });
  return lines.join('');
}

function toNodeObject(call: ProgramCall, cluster: SimulatedCluster, node: SimulatedNode) {
  const isReady = isNodeReady(cluster, node, call.machine.now(), call.machine.settings.pace);
  const condition = isReady
    ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status (simulated)' }
    : {
        type: 'Ready',
        status: 'False',
        reason: 'KubeletNotReady',
        message: 'runtime network not ready: cni config uninitialized (simulated)',
      };
  return {
    kind: 'Node',
    metadata: {
      name: node.name,
      uid: node.uid,
      resourceVersion: String(node.resourceVersion),
      creationTimestamp: new Date(node.createdAt).toISOString(),
      labels: node.labels,
      annotations: node.annotations,
    },
    spec: { taints: node.taints, ...(node.unschedulable === true ? { unschedulable: true } : {}) },
    status: {
      conditions: [condition],
      addresses: [
        { type: 'InternalIP', address: node.address },
        { type: 'Hostname', address: node.name },
      ],
      allocatable: { cpu: '2', memory: '4Gi' },
      nodeInfo: {
        kubeletVersion: node.kubeletVersion,
        containerRuntimeVersion: node.runtimeVersion,
        machineID: node.machineId ?? '',
        bootID: node.bootId ?? '',
      },
    },
  };
}
