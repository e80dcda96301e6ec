import type { Facts } from '@drover/proto';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { apiServerPort } from '../../clusters/endpoint.ts';
import type { NodeView } from '../../plan/cluster-view.ts';
import { clusterCheck } from '../define-check.ts';

type Member = Pick<NodeView, 'spec'> & { readonly facts: Pick<Facts, 'membership'> };

/**
 * A machine that belongs to another cluster is never taken over: what runs on it is somebody's. A member of this one, and
 * an init or join of this one that was interrupted, are known by the endpoint and the CA.
 */
export const clusterMembership = clusterCheck({
  id: 'cluster-membership',
  title: 'Every machine is a member of this cluster or of none',
  scope: 'cluster',
  reads: ['membership'],
  shows: 'What on the machine’s disk makes it a member',
  rules: {
    stranger: {
      severity: 'error',
      when: 'Its kubelet, its CA or its etcd data are those of another cluster',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/',
      remedy:
        'If nothing on it is needed any more, run `kubeadm reset` there; otherwise take it out of the cluster file.',
    },
  },
  ofNodes: (nodes, { spec, acting }) => {
    const controlPlane = nodes.find((node) => node.spec.name === acting);
    const ownCa = controlPlane?.facts.membership.controlPlane ? controlPlane.facts.membership.caHash : null;
    return nodes.flatMap((node) => {
      const reason =
        node.spec.role === 'control-plane' ? strangeControlPlane(spec, node, ownCa) : strangeWorker(spec, node, ownCa);
      if (reason === undefined) return [];
      const message = `the machine is a member of another cluster: ${reason}`;
      return [{ rule: 'stranger', node: node.spec.name, message, evidence: describe(node.facts.membership) }];
    });
  },
});

/** Why the machine is no control plane of this cluster, whose CA is `ownCa`; undefined when it is, or is a member of none. */
export function strangeControlPlane(spec: ClusterSpec, node: Member, ownCa: string | null): string | undefined {
  const { kubeletConfigured, etcdData, apiServer, caHash } = node.facts.membership;
  if (!kubeletConfigured) return etcdData ? 'data of an etcd member are left on it' : undefined;
  const { host, address, advertiseAddress } = spec.controlPlaneEndpoint;
  // Its own kubelet may speak to the machine's address instead of the endpoint.
  const own = [
    ...[host, address].map((each) => serverUrl(spec, each)),
    ...[advertiseAddress, node.spec.address].map((each) => `https://${each}:${apiServerPort(spec)}`),
  ];
  if (apiServer !== null && !own.includes(apiServer)) {
    return `its kubelet belongs to the cluster at ${apiServer}, and this one is at ${serverUrl(spec, host)}`;
  }
  if (ownCa === null || caHash === null || caHash === ownCa) return undefined;
  return `its cluster’s CA is ${caHash}, and this one’s is ${ownCa}`;
}

/** Why the machine is no worker of this cluster, whose CA is `ownCa` once it has a control plane. */
function strangeWorker(spec: ClusterSpec, node: Member, ownCa: string | null): string | undefined {
  const { kubeletConfigured, controlPlane, etcdData, apiServer, caHash } = node.facts.membership;
  if (controlPlane || etcdData) return 'it holds a control plane, and is asked to be a worker';
  if (!kubeletConfigured) return undefined;
  const endpoint = serverUrl(spec, spec.controlPlaneEndpoint.host);
  if (apiServer !== null && apiServer !== endpoint) {
    return `it belongs to the cluster at ${apiServer}, and this one is at ${endpoint}`;
  }
  if (ownCa === null) return 'it is a member already, and this cluster has no control plane yet';
  if (caHash !== null && caHash !== ownCa) return `its cluster’s CA is ${caHash}, and this one’s is ${ownCa}`;
  return undefined;
}

function serverUrl(spec: ClusterSpec, host: string | undefined): string {
  return `https://${host}:${spec.controlPlaneEndpoint.port ?? 6443}`;
}

function describe(membership: Facts['membership']): readonly string[] {
  const observed: readonly (readonly [boolean, string])[] = [
    [membership.kubeletConfigured, `/etc/kubernetes/kubelet.conf names ${membership.apiServer ?? 'no server'}`],
    [membership.controlPlane, '/etc/kubernetes/manifests/kube-apiserver.yaml exists'],
    [membership.etcdData, '/var/lib/etcd/member exists'],
    [membership.caHash !== null, `its CA is ${membership.caHash}`],
  ];
  return observed.flatMap(([holds, text]) => (holds ? [text] : []));
}
