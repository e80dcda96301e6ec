import type { ActionRegistry } from './action.ts';
import { answerTpmCredential } from './answer-tpm-credential.ts';
import { applyManifest } from './apply-manifest.ts';
import { configureContainerd } from './configure-containerd.ts';
import { configureCriDockerd } from './configure-cri-dockerd.ts';
import { configureCrictl } from './configure-crictl.ts';
import { configureDocker } from './configure-docker.ts';
import { configureFirewall } from './configure-firewall.ts';
import { configureHosts } from './configure-hosts.ts';
import { configureNode } from './configure-node.ts';
import { configureRepository } from './configure-repository.ts';
import { configureRuntimeProxy } from './configure-runtime-proxy.ts';
import { configureSelinux } from './configure-selinux.ts';
import { configureSysctl } from './configure-sysctl.ts';
import { disableSwap } from './disable-swap.ts';
import { drainNode } from './drain-node.ts';
import { enableService } from './enable-service.ts';
import { gatherFacts } from './gather-facts.ts';
import { initControlPlane } from './init-control-plane.ts';
import { installPackages } from './install-packages.ts';
import { joinControlPlane } from './join-control-plane.ts';
import { joinNode } from './join-node.ts';
import { listClusterNodes } from './list-cluster-nodes.ts';
import { listEtcdMembers } from './list-etcd-members.ts';
import { listenForPeers } from './listen-for-peers.ts';
import { loadKernelModules } from './load-kernel-modules.ts';
import { mintControlPlaneCredentials } from './mint-control-plane-credentials.ts';
import { mintJoinCredentials } from './mint-join-credentials.ts';
import { mintKubeconfig } from './mint-kubeconfig.ts';
import { probePeers } from './probe-peers.ts';
import { pullImages } from './pull-images.ts';
import { readHostConfiguration } from './read-host-configuration.ts';
import { readKubeadmCluster } from './read-kubeadm-cluster.ts';
import { readTpm } from './read-tpm.ts';
import { removeEtcdMember } from './remove-etcd-member.ts';
import { removeNodeObject } from './remove-node-object.ts';
import { resetNode } from './reset-node.ts';
import { serveEndpoint } from './serve-endpoint.ts';
import { setHostname } from './set-hostname.ts';
import { snapshotEtcd } from './snapshot-etcd.ts';
import { upgradeNode } from './upgrade-node.ts';
import { verifyCapability } from './verify-capability.ts';
import { waitNodesReady } from './wait-nodes-ready.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

/** Every action this agent can do: a new one is a file beside this one and a line here. */
export const actionRegistry: ActionRegistry = {
  'gather-facts': gatherFacts,
  'set-hostname': setHostname,
  'configure-hosts': configureHosts,
  'configure-selinux': configureSelinux,
  'disable-swap': disableSwap,
  'load-kernel-modules': loadKernelModules,
  'configure-sysctl': configureSysctl,
  'configure-repository': configureRepository,
  'install-packages': installPackages,
  'configure-docker': configureDocker,
  'configure-containerd': configureContainerd,
  'configure-crictl': configureCrictl,
  'configure-cri-dockerd': configureCriDockerd,
  'configure-runtime-proxy': configureRuntimeProxy,
  'configure-firewall': configureFirewall,
  'enable-service': enableService,
  'pull-images': pullImages,
  'init-control-plane': initControlPlane,
  'mint-join-credentials': mintJoinCredentials,
  'join-node': joinNode,
  'write-kubeconfig': writeKubeconfig,
  'mint-kubeconfig': mintKubeconfig,
  'apply-manifest': applyManifest,
  'configure-node': configureNode,
  'wait-nodes-ready': waitNodesReady,
  'list-cluster-nodes': listClusterNodes,
  'verify-capability': verifyCapability,
  'mint-control-plane-credentials': mintControlPlaneCredentials,
  'join-control-plane': joinControlPlane,
  'reset-node': resetNode,
  'remove-etcd-member': removeEtcdMember,
  'upgrade-node': upgradeNode,
  'snapshot-etcd': snapshotEtcd,
  'remove-node-object': removeNodeObject,
  'list-etcd-members': listEtcdMembers,
  'drain-node': drainNode,
  'serve-endpoint': serveEndpoint,
  'read-kubeadm-cluster': readKubeadmCluster,
  'read-host-configuration': readHostConfiguration,
  'read-tpm': readTpm,
  'answer-tpm-credential': answerTpmCredential,
  'listen-for-peers': listenForPeers,
  'probe-peers': probePeers,
};
