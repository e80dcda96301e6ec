import type { ClusterNodes, Facts, HostConfiguration, KubeadmCluster } from '@drover/proto';

/** A member of the cluster that has an agent. */
export interface SurveyedNode {
  /** At its enrolment, and of its Node object. */
  readonly name: string;
  readonly facts: Facts;
  readonly configuration: HostConfiguration;
}

/** A cluster that somebody else has made, as its nodes and its control plane show it: what a proposal is made from. */
export interface ClusterSurvey {
  /** `sha256:<hex>` of its CA's public key. */
  readonly caHash: string;
  /** By whom the control plane was asked. */
  readonly askedNode: string;
  /** Control-plane nodes first, each group by name. At least one is a control-plane node. */
  readonly members: readonly SurveyedNode[];
  /** What kubeadm wrote down. */
  readonly kubeadm: KubeadmCluster;
  /** All Node objects, those of machines without an agent too. */
  readonly objects: ClusterNodes['nodes'];
}

/** The members that hold a control plane. */
export function controlPlaneMembers({ members }: ClusterSurvey): readonly SurveyedNode[] {
  return members.filter(({ facts }) => facts.membership.controlPlane);
}
