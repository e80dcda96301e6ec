// Original file: proto/drover/v1/actions.proto

import type { GatherFacts as _drover_v1_GatherFacts, GatherFacts__Output as _drover_v1_GatherFacts__Output } from '../../drover/v1/GatherFacts.ts';
import type { SetHostname as _drover_v1_SetHostname, SetHostname__Output as _drover_v1_SetHostname__Output } from '../../drover/v1/SetHostname.ts';
import type { ConfigureHosts as _drover_v1_ConfigureHosts, ConfigureHosts__Output as _drover_v1_ConfigureHosts__Output } from '../../drover/v1/ConfigureHosts.ts';
import type { ConfigureSelinux as _drover_v1_ConfigureSelinux, ConfigureSelinux__Output as _drover_v1_ConfigureSelinux__Output } from '../../drover/v1/ConfigureSelinux.ts';
import type { DisableSwap as _drover_v1_DisableSwap, DisableSwap__Output as _drover_v1_DisableSwap__Output } from '../../drover/v1/DisableSwap.ts';
import type { LoadKernelModules as _drover_v1_LoadKernelModules, LoadKernelModules__Output as _drover_v1_LoadKernelModules__Output } from '../../drover/v1/LoadKernelModules.ts';
import type { ConfigureSysctl as _drover_v1_ConfigureSysctl, ConfigureSysctl__Output as _drover_v1_ConfigureSysctl__Output } from '../../drover/v1/ConfigureSysctl.ts';
import type { ConfigureRepository as _drover_v1_ConfigureRepository, ConfigureRepository__Output as _drover_v1_ConfigureRepository__Output } from '../../drover/v1/ConfigureRepository.ts';
import type { InstallPackages as _drover_v1_InstallPackages, InstallPackages__Output as _drover_v1_InstallPackages__Output } from '../../drover/v1/InstallPackages.ts';
import type { ConfigureDocker as _drover_v1_ConfigureDocker, ConfigureDocker__Output as _drover_v1_ConfigureDocker__Output } from '../../drover/v1/ConfigureDocker.ts';
import type { EnableService as _drover_v1_EnableService, EnableService__Output as _drover_v1_EnableService__Output } from '../../drover/v1/EnableService.ts';
import type { PullImages as _drover_v1_PullImages, PullImages__Output as _drover_v1_PullImages__Output } from '../../drover/v1/PullImages.ts';
import type { InitControlPlane as _drover_v1_InitControlPlane, InitControlPlane__Output as _drover_v1_InitControlPlane__Output } from '../../drover/v1/InitControlPlane.ts';
import type { MintJoinCredentials as _drover_v1_MintJoinCredentials, MintJoinCredentials__Output as _drover_v1_MintJoinCredentials__Output } from '../../drover/v1/MintJoinCredentials.ts';
import type { JoinNode as _drover_v1_JoinNode, JoinNode__Output as _drover_v1_JoinNode__Output } from '../../drover/v1/JoinNode.ts';
import type { WriteKubeconfig as _drover_v1_WriteKubeconfig, WriteKubeconfig__Output as _drover_v1_WriteKubeconfig__Output } from '../../drover/v1/WriteKubeconfig.ts';
import type { MintKubeconfig as _drover_v1_MintKubeconfig, MintKubeconfig__Output as _drover_v1_MintKubeconfig__Output } from '../../drover/v1/MintKubeconfig.ts';
import type { ApplyManifest as _drover_v1_ApplyManifest, ApplyManifest__Output as _drover_v1_ApplyManifest__Output } from '../../drover/v1/ApplyManifest.ts';
import type { ConfigureNode as _drover_v1_ConfigureNode, ConfigureNode__Output as _drover_v1_ConfigureNode__Output } from '../../drover/v1/ConfigureNode.ts';
import type { WaitNodesReady as _drover_v1_WaitNodesReady, WaitNodesReady__Output as _drover_v1_WaitNodesReady__Output } from '../../drover/v1/WaitNodesReady.ts';
import type { ListClusterNodes as _drover_v1_ListClusterNodes, ListClusterNodes__Output as _drover_v1_ListClusterNodes__Output } from '../../drover/v1/ListClusterNodes.ts';
import type { VerifyCapability as _drover_v1_VerifyCapability, VerifyCapability__Output as _drover_v1_VerifyCapability__Output } from '../../drover/v1/VerifyCapability.ts';
import type { JoinControlPlane as _drover_v1_JoinControlPlane, JoinControlPlane__Output as _drover_v1_JoinControlPlane__Output } from '../../drover/v1/JoinControlPlane.ts';
import type { ResetNode as _drover_v1_ResetNode, ResetNode__Output as _drover_v1_ResetNode__Output } from '../../drover/v1/ResetNode.ts';
import type { RemoveEtcdMember as _drover_v1_RemoveEtcdMember, RemoveEtcdMember__Output as _drover_v1_RemoveEtcdMember__Output } from '../../drover/v1/RemoveEtcdMember.ts';
import type { UpgradeNode as _drover_v1_UpgradeNode, UpgradeNode__Output as _drover_v1_UpgradeNode__Output } from '../../drover/v1/UpgradeNode.ts';
import type { MintControlPlaneCredentials as _drover_v1_MintControlPlaneCredentials, MintControlPlaneCredentials__Output as _drover_v1_MintControlPlaneCredentials__Output } from '../../drover/v1/MintControlPlaneCredentials.ts';
import type { RemoveNodeObject as _drover_v1_RemoveNodeObject, RemoveNodeObject__Output as _drover_v1_RemoveNodeObject__Output } from '../../drover/v1/RemoveNodeObject.ts';
import type { DrainNode as _drover_v1_DrainNode, DrainNode__Output as _drover_v1_DrainNode__Output } from '../../drover/v1/DrainNode.ts';
import type { SnapshotEtcd as _drover_v1_SnapshotEtcd, SnapshotEtcd__Output as _drover_v1_SnapshotEtcd__Output } from '../../drover/v1/SnapshotEtcd.ts';
import type { ListEtcdMembers as _drover_v1_ListEtcdMembers, ListEtcdMembers__Output as _drover_v1_ListEtcdMembers__Output } from '../../drover/v1/ListEtcdMembers.ts';
import type { ServeEndpoint as _drover_v1_ServeEndpoint, ServeEndpoint__Output as _drover_v1_ServeEndpoint__Output } from '../../drover/v1/ServeEndpoint.ts';
import type { ReadKubeadmCluster as _drover_v1_ReadKubeadmCluster, ReadKubeadmCluster__Output as _drover_v1_ReadKubeadmCluster__Output } from '../../drover/v1/ReadKubeadmCluster.ts';
import type { ReadHostConfiguration as _drover_v1_ReadHostConfiguration, ReadHostConfiguration__Output as _drover_v1_ReadHostConfiguration__Output } from '../../drover/v1/ReadHostConfiguration.ts';
import type { ReadTpm as _drover_v1_ReadTpm, ReadTpm__Output as _drover_v1_ReadTpm__Output } from '../../drover/v1/ReadTpm.ts';
import type { AnswerTpmCredential as _drover_v1_AnswerTpmCredential, AnswerTpmCredential__Output as _drover_v1_AnswerTpmCredential__Output } from '../../drover/v1/AnswerTpmCredential.ts';
import type { ConfigureContainerd as _drover_v1_ConfigureContainerd, ConfigureContainerd__Output as _drover_v1_ConfigureContainerd__Output } from '../../drover/v1/ConfigureContainerd.ts';
import type { ConfigureCrictl as _drover_v1_ConfigureCrictl, ConfigureCrictl__Output as _drover_v1_ConfigureCrictl__Output } from '../../drover/v1/ConfigureCrictl.ts';
import type { ConfigureCriDockerd as _drover_v1_ConfigureCriDockerd, ConfigureCriDockerd__Output as _drover_v1_ConfigureCriDockerd__Output } from '../../drover/v1/ConfigureCriDockerd.ts';
import type { ConfigureRuntimeProxy as _drover_v1_ConfigureRuntimeProxy, ConfigureRuntimeProxy__Output as _drover_v1_ConfigureRuntimeProxy__Output } from '../../drover/v1/ConfigureRuntimeProxy.ts';
import type { ConfigureFirewall as _drover_v1_ConfigureFirewall, ConfigureFirewall__Output as _drover_v1_ConfigureFirewall__Output } from '../../drover/v1/ConfigureFirewall.ts';
import type { ListenForPeers as _drover_v1_ListenForPeers, ListenForPeers__Output as _drover_v1_ListenForPeers__Output } from '../../drover/v1/ListenForPeers.ts';
import type { ProbePeers as _drover_v1_ProbePeers, ProbePeers__Output as _drover_v1_ProbePeers__Output } from '../../drover/v1/ProbePeers.ts';

/**
 * The closed set of what an agent can be asked to do. There is no free-form command, here or anywhere.
 */
export interface Action {
  'gatherFacts'?: (_drover_v1_GatherFacts | null);
  'setHostname'?: (_drover_v1_SetHostname | null);
  'configureHosts'?: (_drover_v1_ConfigureHosts | null);
  'configureSelinux'?: (_drover_v1_ConfigureSelinux | null);
  'disableSwap'?: (_drover_v1_DisableSwap | null);
  'loadKernelModules'?: (_drover_v1_LoadKernelModules | null);
  'configureSysctl'?: (_drover_v1_ConfigureSysctl | null);
  'configureRepository'?: (_drover_v1_ConfigureRepository | null);
  'installPackages'?: (_drover_v1_InstallPackages | null);
  'configureDocker'?: (_drover_v1_ConfigureDocker | null);
  'enableService'?: (_drover_v1_EnableService | null);
  'pullImages'?: (_drover_v1_PullImages | null);
  'initControlPlane'?: (_drover_v1_InitControlPlane | null);
  'mintJoinCredentials'?: (_drover_v1_MintJoinCredentials | null);
  'joinNode'?: (_drover_v1_JoinNode | null);
  'writeKubeconfig'?: (_drover_v1_WriteKubeconfig | null);
  'mintKubeconfig'?: (_drover_v1_MintKubeconfig | null);
  'applyManifest'?: (_drover_v1_ApplyManifest | null);
  'configureNode'?: (_drover_v1_ConfigureNode | null);
  'waitNodesReady'?: (_drover_v1_WaitNodesReady | null);
  'listClusterNodes'?: (_drover_v1_ListClusterNodes | null);
  'verifyCapability'?: (_drover_v1_VerifyCapability | null);
  'joinControlPlane'?: (_drover_v1_JoinControlPlane | null);
  'resetNode'?: (_drover_v1_ResetNode | null);
  'removeEtcdMember'?: (_drover_v1_RemoveEtcdMember | null);
  'upgradeNode'?: (_drover_v1_UpgradeNode | null);
  'mintControlPlaneCredentials'?: (_drover_v1_MintControlPlaneCredentials | null);
  'removeNodeObject'?: (_drover_v1_RemoveNodeObject | null);
  'drainNode'?: (_drover_v1_DrainNode | null);
  'snapshotEtcd'?: (_drover_v1_SnapshotEtcd | null);
  'listEtcdMembers'?: (_drover_v1_ListEtcdMembers | null);
  'serveEndpoint'?: (_drover_v1_ServeEndpoint | null);
  'readKubeadmCluster'?: (_drover_v1_ReadKubeadmCluster | null);
  'readHostConfiguration'?: (_drover_v1_ReadHostConfiguration | null);
  'readTpm'?: (_drover_v1_ReadTpm | null);
  'answerTpmCredential'?: (_drover_v1_AnswerTpmCredential | null);
  'configureContainerd'?: (_drover_v1_ConfigureContainerd | null);
  'configureCrictl'?: (_drover_v1_ConfigureCrictl | null);
  'configureCriDockerd'?: (_drover_v1_ConfigureCriDockerd | null);
  'configureRuntimeProxy'?: (_drover_v1_ConfigureRuntimeProxy | null);
  'configureFirewall'?: (_drover_v1_ConfigureFirewall | null);
  'listenForPeers'?: (_drover_v1_ListenForPeers | null);
  'probePeers'?: (_drover_v1_ProbePeers | null);
  'action'?: "gatherFacts"|"setHostname"|"configureHosts"|"configureSelinux"|"disableSwap"|"loadKernelModules"|"configureSysctl"|"configureRepository"|"installPackages"|"configureDocker"|"enableService"|"pullImages"|"initControlPlane"|"mintJoinCredentials"|"joinNode"|"writeKubeconfig"|"mintKubeconfig"|"applyManifest"|"configureNode"|"waitNodesReady"|"listClusterNodes"|"verifyCapability"|"joinControlPlane"|"resetNode"|"removeEtcdMember"|"upgradeNode"|"mintControlPlaneCredentials"|"removeNodeObject"|"drainNode"|"snapshotEtcd"|"listEtcdMembers"|"serveEndpoint"|"readKubeadmCluster"|"readHostConfiguration"|"readTpm"|"answerTpmCredential"|"configureContainerd"|"configureCrictl"|"configureCriDockerd"|"configureRuntimeProxy"|"configureFirewall"|"listenForPeers"|"probePeers";
}

/**
 * The closed set of what an agent can be asked to do. There is no free-form command, here or anywhere.
 */
export interface Action__Output {
  'gatherFacts'?: (_drover_v1_GatherFacts__Output | null);
  'setHostname'?: (_drover_v1_SetHostname__Output | null);
  'configureHosts'?: (_drover_v1_ConfigureHosts__Output | null);
  'configureSelinux'?: (_drover_v1_ConfigureSelinux__Output | null);
  'disableSwap'?: (_drover_v1_DisableSwap__Output | null);
  'loadKernelModules'?: (_drover_v1_LoadKernelModules__Output | null);
  'configureSysctl'?: (_drover_v1_ConfigureSysctl__Output | null);
  'configureRepository'?: (_drover_v1_ConfigureRepository__Output | null);
  'installPackages'?: (_drover_v1_InstallPackages__Output | null);
  'configureDocker'?: (_drover_v1_ConfigureDocker__Output | null);
  'enableService'?: (_drover_v1_EnableService__Output | null);
  'pullImages'?: (_drover_v1_PullImages__Output | null);
  'initControlPlane'?: (_drover_v1_InitControlPlane__Output | null);
  'mintJoinCredentials'?: (_drover_v1_MintJoinCredentials__Output | null);
  'joinNode'?: (_drover_v1_JoinNode__Output | null);
  'writeKubeconfig'?: (_drover_v1_WriteKubeconfig__Output | null);
  'mintKubeconfig'?: (_drover_v1_MintKubeconfig__Output | null);
  'applyManifest'?: (_drover_v1_ApplyManifest__Output | null);
  'configureNode'?: (_drover_v1_ConfigureNode__Output | null);
  'waitNodesReady'?: (_drover_v1_WaitNodesReady__Output | null);
  'listClusterNodes'?: (_drover_v1_ListClusterNodes__Output | null);
  'verifyCapability'?: (_drover_v1_VerifyCapability__Output | null);
  'joinControlPlane'?: (_drover_v1_JoinControlPlane__Output | null);
  'resetNode'?: (_drover_v1_ResetNode__Output | null);
  'removeEtcdMember'?: (_drover_v1_RemoveEtcdMember__Output | null);
  'upgradeNode'?: (_drover_v1_UpgradeNode__Output | null);
  'mintControlPlaneCredentials'?: (_drover_v1_MintControlPlaneCredentials__Output | null);
  'removeNodeObject'?: (_drover_v1_RemoveNodeObject__Output | null);
  'drainNode'?: (_drover_v1_DrainNode__Output | null);
  'snapshotEtcd'?: (_drover_v1_SnapshotEtcd__Output | null);
  'listEtcdMembers'?: (_drover_v1_ListEtcdMembers__Output | null);
  'serveEndpoint'?: (_drover_v1_ServeEndpoint__Output | null);
  'readKubeadmCluster'?: (_drover_v1_ReadKubeadmCluster__Output | null);
  'readHostConfiguration'?: (_drover_v1_ReadHostConfiguration__Output | null);
  'readTpm'?: (_drover_v1_ReadTpm__Output | null);
  'answerTpmCredential'?: (_drover_v1_AnswerTpmCredential__Output | null);
  'configureContainerd'?: (_drover_v1_ConfigureContainerd__Output | null);
  'configureCrictl'?: (_drover_v1_ConfigureCrictl__Output | null);
  'configureCriDockerd'?: (_drover_v1_ConfigureCriDockerd__Output | null);
  'configureRuntimeProxy'?: (_drover_v1_ConfigureRuntimeProxy__Output | null);
  'configureFirewall'?: (_drover_v1_ConfigureFirewall__Output | null);
  'listenForPeers'?: (_drover_v1_ListenForPeers__Output | null);
  'probePeers'?: (_drover_v1_ProbePeers__Output | null);
  'action'?: "gatherFacts"|"setHostname"|"configureHosts"|"configureSelinux"|"disableSwap"|"loadKernelModules"|"configureSysctl"|"configureRepository"|"installPackages"|"configureDocker"|"enableService"|"pullImages"|"initControlPlane"|"mintJoinCredentials"|"joinNode"|"writeKubeconfig"|"mintKubeconfig"|"applyManifest"|"configureNode"|"waitNodesReady"|"listClusterNodes"|"verifyCapability"|"joinControlPlane"|"resetNode"|"removeEtcdMember"|"upgradeNode"|"mintControlPlaneCredentials"|"removeNodeObject"|"drainNode"|"snapshotEtcd"|"listEtcdMembers"|"serveEndpoint"|"readKubeadmCluster"|"readHostConfiguration"|"readTpm"|"answerTpmCredential"|"configureContainerd"|"configureCrictl"|"configureCriDockerd"|"configureRuntimeProxy"|"configureFirewall"|"listenForPeers"|"probePeers";
}
