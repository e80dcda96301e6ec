import { X509Certificate } from 'node:crypto';
import { hashPublicKey } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import { mintControlPlaneCredentials } from '../actions/mint-control-plane-credentials.ts';
import { mintJoinCredentials } from '../actions/mint-join-credentials.ts';
import { prepareMachine } from './prepare-machine.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** The machines that the scenarios need, in the order of their addresses. */
export const scenarioNodes = ['control-plane-1', 'worker-1', 'control-plane-2', 'control-plane-3'] as const;

/** Of the site's control plane. */
export const initConfiguration = [
  '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"InitConfiguration","nodeRegistration":{"name":"control-plane-1"}}',
  '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"ClusterConfiguration","kubernetesVersion":"v1.20.2","controlPlaneEndpoint":"cluster-endpoint:6443"}',
].join('\n---\n');

/** With fresh credentials from the control plane; what the site mints is not sealed. */
export async function joinParams(site: SimulatedSite): Promise<ActionParams<'join-node'>> {
  const { secret } = await mintJoinCredentials.mint(site.context('control-plane-1'), {
    recipientCertificate: '',
    recipientNodeId: 'worker-1',
    recipientIncarnation: 1,
    nodeName: 'worker-1',
    ttlMs: 60_000,
  });
  const kubeadmConfig =
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"JoinConfiguration","nodeRegistration":{"name":"worker-1"}}';
  const sealedCredentials = Buffer.from(secret.reveal());
  return {
    nodeName: 'worker-1',
    kubeadmConfig,
    ignoredPreflightErrors: [],
    patches: [],
    sealedCredentials,
    caHash: '',
  };
}

/** With fresh credentials, on a machine that is made fit for kubeadm by plain commands. */
export async function joinControlPlaneParams(
  site: SimulatedSite,
  nodeName: 'control-plane-2' | 'control-plane-3',
): Promise<ActionParams<'join-control-plane'>> {
  await prepareMachine(site.context(nodeName).host);
  const advertiseAddress = `10.213.0.${11 + scenarioNodes.indexOf(nodeName)}`;
  const { secret } = await mintControlPlaneCredentials.mint(site.context('control-plane-1'), {
    recipientCertificate: '',
    recipientNodeId: nodeName,
    recipientIncarnation: 1,
    nodeName,
    ttlMs: 60_000,
    peerAddress: advertiseAddress,
    kubeadmConfig: initConfiguration,
  });
  const configuration = {
    apiVersion: 'kubeadm.k8s.io/v1beta2',
    kind: 'JoinConfiguration',
    nodeRegistration: { name: nodeName },
    controlPlane: { localAPIEndpoint: { advertiseAddress } },
  };
  const sealedCredentials = Buffer.from(secret.reveal());
  return {
    nodeName,
    kubeadmConfig: JSON.stringify(configuration),
    ignoredPreflightErrors: [],
    patches: [],
    sealedCredentials,
    caHash: '',
  };
}

/** The member of etcd that a node is. */
export function findMember(site: SimulatedSite, nodeName: string): ActionParams<'remove-etcd-member'> {
  const member = site.world.cluster()?.etcdMembers?.find(({ name }) => name === nodeName);
  if (member === undefined) throw new RangeError(`etcd has no member ${nodeName}`);
  const memberId = BigInt(member.id).toString(16);
  return { memberId, name: nodeName, peerUrl: `https://${member.address}:2380` };
}

/** On a machine that has the packages of the next version. */
export async function upgradeParams(site: SimulatedSite): Promise<ActionParams<'upgrade-node'>> {
  const { host } = site.context('control-plane-1');
  const versions = ['kubelet', 'kubeadm', 'kubectl'].map((name) => `${name}-1.20.9`);
  await host.run({ argv: ['dnf', '-y', 'install', '--disableexcludes=kubernetes', ...versions], timeoutMs: 60_000 });
  return { nodeName: 'control-plane-1', kubernetesVersion: 'v1.20.9', first: true, ignoredPreflightErrors: [] };
}

/** Of the site's cluster. */
export function caHashOf(site: SimulatedSite): string {
  const { publicKey } = new X509Certificate(site.world.cluster()?.caCertificate ?? '');
  return hashPublicKey(publicKey.export({ type: 'spki', format: 'der' }));
}
