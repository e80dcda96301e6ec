import { parseDocument } from '@drover/core';
import type { KubeadmCluster } from '@drover/proto';
import { type Static, Type } from 'typebox';
import { agentErrors } from '../errors.ts';
import type { InspectContext, QueryAction } from './action.ts';
import { ConfigMap } from './kubernetes/cluster-objects.ts';
import { findMissingPhases } from './kubernetes/init-phases.ts';
import { getObject } from './kubernetes/kubectl.ts';

const optional = Type.Optional(Type.String());

/** kubeadm's ClusterConfiguration as far as it is read (cmd/kubeadm/app/apis/kubeadm/v1beta2 and v1beta3, types.go). */
const ClusterConfiguration = Type.Object({
  kubernetesVersion: Type.String(),
  controlPlaneEndpoint: optional,
  imageRepository: optional,
  networking: Type.Optional(Type.Object({ podSubnet: optional, serviceSubnet: optional })),
  etcd: Type.Optional(Type.Object({ external: Type.Optional(Type.Unknown()) })),
});
type ClusterConfiguration = Static<typeof ClusterConfiguration>;

/**
 * What kubeadm wrote down of the cluster, in kube-system/kubeadm-config. Throws `cluster-unreachable`, and
 * `cluster-answer-unexpected` where kubeadm has written nothing, or something else.
 */
export const readKubeadmCluster: QueryAction<'read-kubeadm-cluster'> = {
  kind: 'query',
  name: 'read-kubeadm-cluster',
  answer: async (context): Promise<KubeadmCluster> => {
    const [configuration, missingPhases] = await Promise.all([
      readConfiguration(context),
      findMissingPhases(context, { nodeName: context.nodeName, skippedPhases: [] }),
    ]);
    const { kubernetesVersion, controlPlaneEndpoint, imageRepository, networking = {}, etcd = {} } = configuration;
    return {
      kubernetesVersion,
      // kubeadm writes an empty one where none was given.
      controlPlaneEndpoint: controlPlaneEndpoint || null,
      imageRepository: imageRepository || null,
      podSubnet: networking.podSubnet || null,
      serviceSubnet: networking.serviceSubnet || null,
      externalEtcd: etcd.external !== undefined,
      missingPhases: [...missingPhases],
    };
  },
};

async function readConfiguration(context: InspectContext): Promise<ClusterConfiguration> {
  const map = await getObject(context, ConfigMap, ['--namespace=kube-system', 'configmap', 'kubeadm-config']);
  const source = 'the ConfigMap kube-system/kubeadm-config';
  const text = map?.data?.['ClusterConfiguration'];
  const read = parseDocument(text ?? '', ClusterConfiguration, { source });
  if (text !== undefined && read.ok) return read.value;
  throw agentErrors.create('cluster-answer-unexpected', {
    tried: `read ${source}`,
    node: context.nodeName,
    reason:
      text === undefined ? 'there is no ClusterConfiguration in it: kubeadm did not make this cluster' : faults(read),
  });
}

function faults(read: ReturnType<typeof parseDocument>): string {
  return read.ok ? '' : read.faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
