import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Action as _drover_v1_Action, Action__Output as _drover_v1_Action__Output } from './drover/v1/Action.ts';
import type { ActionRequest as _drover_v1_ActionRequest, ActionRequest__Output as _drover_v1_ActionRequest__Output } from './drover/v1/ActionRequest.ts';
import type { AgentFrame as _drover_v1_AgentFrame, AgentFrame__Output as _drover_v1_AgentFrame__Output } from './drover/v1/AgentFrame.ts';
import type { Answer as _drover_v1_Answer, Answer__Output as _drover_v1_Answer__Output } from './drover/v1/Answer.ts';
import type { AnswerTpmCredential as _drover_v1_AnswerTpmCredential, AnswerTpmCredential__Output as _drover_v1_AnswerTpmCredential__Output } from './drover/v1/AnswerTpmCredential.ts';
import type { ApplyManifest as _drover_v1_ApplyManifest, ApplyManifest__Output as _drover_v1_ApplyManifest__Output } from './drover/v1/ApplyManifest.ts';
import type { AptRepository as _drover_v1_AptRepository, AptRepository__Output as _drover_v1_AptRepository__Output } from './drover/v1/AptRepository.ts';
import type { AttachOperation as _drover_v1_AttachOperation, AttachOperation__Output as _drover_v1_AttachOperation__Output } from './drover/v1/AttachOperation.ts';
import type { ByHand as _drover_v1_ByHand, ByHand__Output as _drover_v1_ByHand__Output } from './drover/v1/ByHand.ts';
import type { CancelOperation as _drover_v1_CancelOperation, CancelOperation__Output as _drover_v1_CancelOperation__Output } from './drover/v1/CancelOperation.ts';
import type { CertificateIssued as _drover_v1_CertificateIssued, CertificateIssued__Output as _drover_v1_CertificateIssued__Output } from './drover/v1/CertificateIssued.ts';
import type { CertificateRequest as _drover_v1_CertificateRequest, CertificateRequest__Output as _drover_v1_CertificateRequest__Output } from './drover/v1/CertificateRequest.ts';
import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from './drover/v1/Change.ts';
import type { Completion as _drover_v1_Completion, Completion__Output as _drover_v1_Completion__Output } from './drover/v1/Completion.ts';
import type { ConfigureContainerd as _drover_v1_ConfigureContainerd, ConfigureContainerd__Output as _drover_v1_ConfigureContainerd__Output } from './drover/v1/ConfigureContainerd.ts';
import type { ConfigureCriDockerd as _drover_v1_ConfigureCriDockerd, ConfigureCriDockerd__Output as _drover_v1_ConfigureCriDockerd__Output } from './drover/v1/ConfigureCriDockerd.ts';
import type { ConfigureCrictl as _drover_v1_ConfigureCrictl, ConfigureCrictl__Output as _drover_v1_ConfigureCrictl__Output } from './drover/v1/ConfigureCrictl.ts';
import type { ConfigureDocker as _drover_v1_ConfigureDocker, ConfigureDocker__Output as _drover_v1_ConfigureDocker__Output } from './drover/v1/ConfigureDocker.ts';
import type { ConfigureFirewall as _drover_v1_ConfigureFirewall, ConfigureFirewall__Output as _drover_v1_ConfigureFirewall__Output } from './drover/v1/ConfigureFirewall.ts';
import type { ConfigureHosts as _drover_v1_ConfigureHosts, ConfigureHosts__Output as _drover_v1_ConfigureHosts__Output } from './drover/v1/ConfigureHosts.ts';
import type { ConfigureNode as _drover_v1_ConfigureNode, ConfigureNode__Output as _drover_v1_ConfigureNode__Output } from './drover/v1/ConfigureNode.ts';
import type { ConfigureRepository as _drover_v1_ConfigureRepository, ConfigureRepository__Output as _drover_v1_ConfigureRepository__Output } from './drover/v1/ConfigureRepository.ts';
import type { ConfigureRuntimeProxy as _drover_v1_ConfigureRuntimeProxy, ConfigureRuntimeProxy__Output as _drover_v1_ConfigureRuntimeProxy__Output } from './drover/v1/ConfigureRuntimeProxy.ts';
import type { ConfigureSelinux as _drover_v1_ConfigureSelinux, ConfigureSelinux__Output as _drover_v1_ConfigureSelinux__Output } from './drover/v1/ConfigureSelinux.ts';
import type { ConfigureSysctl as _drover_v1_ConfigureSysctl, ConfigureSysctl__Output as _drover_v1_ConfigureSysctl__Output } from './drover/v1/ConfigureSysctl.ts';
import type { ContainerdRegistry as _drover_v1_ContainerdRegistry, ContainerdRegistry__Output as _drover_v1_ContainerdRegistry__Output } from './drover/v1/ContainerdRegistry.ts';
import type { CoordinatorFrame as _drover_v1_CoordinatorFrame, CoordinatorFrame__Output as _drover_v1_CoordinatorFrame__Output } from './drover/v1/CoordinatorFrame.ts';
import type { CoordinatorMark as _drover_v1_CoordinatorMark, CoordinatorMark__Output as _drover_v1_CoordinatorMark__Output } from './drover/v1/CoordinatorMark.ts';
import type { DisableSwap as _drover_v1_DisableSwap, DisableSwap__Output as _drover_v1_DisableSwap__Output } from './drover/v1/DisableSwap.ts';
import type { DrainNode as _drover_v1_DrainNode, DrainNode__Output as _drover_v1_DrainNode__Output } from './drover/v1/DrainNode.ts';
import type { EnableService as _drover_v1_EnableService, EnableService__Output as _drover_v1_EnableService__Output } from './drover/v1/EnableService.ts';
import type { EndpointFile as _drover_v1_EndpointFile, EndpointFile__Output as _drover_v1_EndpointFile__Output } from './drover/v1/EndpointFile.ts';
import type { EndpointPod as _drover_v1_EndpointPod, EndpointPod__Output as _drover_v1_EndpointPod__Output } from './drover/v1/EndpointPod.ts';
import type { FactsChange as _drover_v1_FactsChange, FactsChange__Output as _drover_v1_FactsChange__Output } from './drover/v1/FactsChange.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from './drover/v1/Failure.ts';
import type { FirewallOpening as _drover_v1_FirewallOpening, FirewallOpening__Output as _drover_v1_FirewallOpening__Output } from './drover/v1/FirewallOpening.ts';
import type { GatherFacts as _drover_v1_GatherFacts, GatherFacts__Output as _drover_v1_GatherFacts__Output } from './drover/v1/GatherFacts.ts';
import type { Heartbeat as _drover_v1_Heartbeat, Heartbeat__Output as _drover_v1_Heartbeat__Output } from './drover/v1/Heartbeat.ts';
import type { HostsEntry as _drover_v1_HostsEntry, HostsEntry__Output as _drover_v1_HostsEntry__Output } from './drover/v1/HostsEntry.ts';
import type { InitControlPlane as _drover_v1_InitControlPlane, InitControlPlane__Output as _drover_v1_InitControlPlane__Output } from './drover/v1/InitControlPlane.ts';
import type { Inspection as _drover_v1_Inspection, Inspection__Output as _drover_v1_Inspection__Output } from './drover/v1/Inspection.ts';
import type { InstallPackages as _drover_v1_InstallPackages, InstallPackages__Output as _drover_v1_InstallPackages__Output } from './drover/v1/InstallPackages.ts';
import type { JoinControlPlane as _drover_v1_JoinControlPlane, JoinControlPlane__Output as _drover_v1_JoinControlPlane__Output } from './drover/v1/JoinControlPlane.ts';
import type { JoinNode as _drover_v1_JoinNode, JoinNode__Output as _drover_v1_JoinNode__Output } from './drover/v1/JoinNode.ts';
import type { KubeadmPatch as _drover_v1_KubeadmPatch, KubeadmPatch__Output as _drover_v1_KubeadmPatch__Output } from './drover/v1/KubeadmPatch.ts';
import type { ListClusterNodes as _drover_v1_ListClusterNodes, ListClusterNodes__Output as _drover_v1_ListClusterNodes__Output } from './drover/v1/ListClusterNodes.ts';
import type { ListEtcdMembers as _drover_v1_ListEtcdMembers, ListEtcdMembers__Output as _drover_v1_ListEtcdMembers__Output } from './drover/v1/ListEtcdMembers.ts';
import type { ListenForPeers as _drover_v1_ListenForPeers, ListenForPeers__Output as _drover_v1_ListenForPeers__Output } from './drover/v1/ListenForPeers.ts';
import type { LoadKernelModules as _drover_v1_LoadKernelModules, LoadKernelModules__Output as _drover_v1_LoadKernelModules__Output } from './drover/v1/LoadKernelModules.ts';
import type { MachineAccount as _drover_v1_MachineAccount, MachineAccount__Output as _drover_v1_MachineAccount__Output } from './drover/v1/MachineAccount.ts';
import type { MintControlPlaneCredentials as _drover_v1_MintControlPlaneCredentials, MintControlPlaneCredentials__Output as _drover_v1_MintControlPlaneCredentials__Output } from './drover/v1/MintControlPlaneCredentials.ts';
import type { MintJoinCredentials as _drover_v1_MintJoinCredentials, MintJoinCredentials__Output as _drover_v1_MintJoinCredentials__Output } from './drover/v1/MintJoinCredentials.ts';
import type { MintKubeconfig as _drover_v1_MintKubeconfig, MintKubeconfig__Output as _drover_v1_MintKubeconfig__Output } from './drover/v1/MintKubeconfig.ts';
import type { Minted as _drover_v1_Minted, Minted__Output as _drover_v1_Minted__Output } from './drover/v1/Minted.ts';
import type { NodeMetadata as _drover_v1_NodeMetadata, NodeMetadata__Output as _drover_v1_NodeMetadata__Output } from './drover/v1/NodeMetadata.ts';
import type { OperationAccepted as _drover_v1_OperationAccepted, OperationAccepted__Output as _drover_v1_OperationAccepted__Output } from './drover/v1/OperationAccepted.ts';
import type { OperationLogLine as _drover_v1_OperationLogLine, OperationLogLine__Output as _drover_v1_OperationLogLine__Output } from './drover/v1/OperationLogLine.ts';
import type { OperationProgress as _drover_v1_OperationProgress, OperationProgress__Output as _drover_v1_OperationProgress__Output } from './drover/v1/OperationProgress.ts';
import type { OperationResult as _drover_v1_OperationResult, OperationResult__Output as _drover_v1_OperationResult__Output } from './drover/v1/OperationResult.ts';
import type { OperationUnknown as _drover_v1_OperationUnknown, OperationUnknown__Output as _drover_v1_OperationUnknown__Output } from './drover/v1/OperationUnknown.ts';
import type { Package as _drover_v1_Package, Package__Output as _drover_v1_Package__Output } from './drover/v1/Package.ts';
import type { PeerPort as _drover_v1_PeerPort, PeerPort__Output as _drover_v1_PeerPort__Output } from './drover/v1/PeerPort.ts';
import type { PeerTarget as _drover_v1_PeerTarget, PeerTarget__Output as _drover_v1_PeerTarget__Output } from './drover/v1/PeerTarget.ts';
import type { Probe as _drover_v1_Probe, Probe__Output as _drover_v1_Probe__Output } from './drover/v1/Probe.ts';
import type { ProbePeers as _drover_v1_ProbePeers, ProbePeers__Output as _drover_v1_ProbePeers__Output } from './drover/v1/ProbePeers.ts';
import type { PullImages as _drover_v1_PullImages, PullImages__Output as _drover_v1_PullImages__Output } from './drover/v1/PullImages.ts';
import type { ReadHostConfiguration as _drover_v1_ReadHostConfiguration, ReadHostConfiguration__Output as _drover_v1_ReadHostConfiguration__Output } from './drover/v1/ReadHostConfiguration.ts';
import type { ReadKubeadmCluster as _drover_v1_ReadKubeadmCluster, ReadKubeadmCluster__Output as _drover_v1_ReadKubeadmCluster__Output } from './drover/v1/ReadKubeadmCluster.ts';
import type { ReadTpm as _drover_v1_ReadTpm, ReadTpm__Output as _drover_v1_ReadTpm__Output } from './drover/v1/ReadTpm.ts';
import type { RemoveEtcdMember as _drover_v1_RemoveEtcdMember, RemoveEtcdMember__Output as _drover_v1_RemoveEtcdMember__Output } from './drover/v1/RemoveEtcdMember.ts';
import type { RemoveNodeObject as _drover_v1_RemoveNodeObject, RemoveNodeObject__Output as _drover_v1_RemoveNodeObject__Output } from './drover/v1/RemoveNodeObject.ts';
import type { ResetNode as _drover_v1_ResetNode, ResetNode__Output as _drover_v1_ResetNode__Output } from './drover/v1/ResetNode.ts';
import type { ResultAcknowledged as _drover_v1_ResultAcknowledged, ResultAcknowledged__Output as _drover_v1_ResultAcknowledged__Output } from './drover/v1/ResultAcknowledged.ts';
import type { SequenceKept as _drover_v1_SequenceKept, SequenceKept__Output as _drover_v1_SequenceKept__Output } from './drover/v1/SequenceKept.ts';
import type { ServeEndpoint as _drover_v1_ServeEndpoint, ServeEndpoint__Output as _drover_v1_ServeEndpoint__Output } from './drover/v1/ServeEndpoint.ts';
import type { SessionClient as _drover_v1_SessionClient, SessionDefinition as _drover_v1_SessionDefinition } from './drover/v1/Session.ts';
import type { SessionHello as _drover_v1_SessionHello, SessionHello__Output as _drover_v1_SessionHello__Output } from './drover/v1/SessionHello.ts';
import type { SessionWelcome as _drover_v1_SessionWelcome, SessionWelcome__Output as _drover_v1_SessionWelcome__Output } from './drover/v1/SessionWelcome.ts';
import type { SetHostname as _drover_v1_SetHostname, SetHostname__Output as _drover_v1_SetHostname__Output } from './drover/v1/SetHostname.ts';
import type { SnapshotEtcd as _drover_v1_SnapshotEtcd, SnapshotEtcd__Output as _drover_v1_SnapshotEtcd__Output } from './drover/v1/SnapshotEtcd.ts';
import type { Taint as _drover_v1_Taint, Taint__Output as _drover_v1_Taint__Output } from './drover/v1/Taint.ts';
import type { TpmCredential as _drover_v1_TpmCredential, TpmCredential__Output as _drover_v1_TpmCredential__Output } from './drover/v1/TpmCredential.ts';
import type { TpmShown as _drover_v1_TpmShown, TpmShown__Output as _drover_v1_TpmShown__Output } from './drover/v1/TpmShown.ts';
import type { UpgradeNode as _drover_v1_UpgradeNode, UpgradeNode__Output as _drover_v1_UpgradeNode__Output } from './drover/v1/UpgradeNode.ts';
import type { VerifyCapability as _drover_v1_VerifyCapability, VerifyCapability__Output as _drover_v1_VerifyCapability__Output } from './drover/v1/VerifyCapability.ts';
import type { WaitNodesReady as _drover_v1_WaitNodesReady, WaitNodesReady__Output as _drover_v1_WaitNodesReady__Output } from './drover/v1/WaitNodesReady.ts';
import type { WriteKubeconfig as _drover_v1_WriteKubeconfig, WriteKubeconfig__Output as _drover_v1_WriteKubeconfig__Output } from './drover/v1/WriteKubeconfig.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  drover: {
    v1: {
      Action: MessageTypeDefinition<_drover_v1_Action, _drover_v1_Action__Output>
      ActionRequest: MessageTypeDefinition<_drover_v1_ActionRequest, _drover_v1_ActionRequest__Output>
      AgentFrame: MessageTypeDefinition<_drover_v1_AgentFrame, _drover_v1_AgentFrame__Output>
      Answer: MessageTypeDefinition<_drover_v1_Answer, _drover_v1_Answer__Output>
      AnswerTpmCredential: MessageTypeDefinition<_drover_v1_AnswerTpmCredential, _drover_v1_AnswerTpmCredential__Output>
      ApplyManifest: MessageTypeDefinition<_drover_v1_ApplyManifest, _drover_v1_ApplyManifest__Output>
      AptRepository: MessageTypeDefinition<_drover_v1_AptRepository, _drover_v1_AptRepository__Output>
      AttachOperation: MessageTypeDefinition<_drover_v1_AttachOperation, _drover_v1_AttachOperation__Output>
      ByHand: MessageTypeDefinition<_drover_v1_ByHand, _drover_v1_ByHand__Output>
      CancelOperation: MessageTypeDefinition<_drover_v1_CancelOperation, _drover_v1_CancelOperation__Output>
      Capability: EnumTypeDefinition
      CertificateIssued: MessageTypeDefinition<_drover_v1_CertificateIssued, _drover_v1_CertificateIssued__Output>
      CertificateRequest: MessageTypeDefinition<_drover_v1_CertificateRequest, _drover_v1_CertificateRequest__Output>
      Change: MessageTypeDefinition<_drover_v1_Change, _drover_v1_Change__Output>
      Completion: MessageTypeDefinition<_drover_v1_Completion, _drover_v1_Completion__Output>
      ConfigureContainerd: MessageTypeDefinition<_drover_v1_ConfigureContainerd, _drover_v1_ConfigureContainerd__Output>
      ConfigureCriDockerd: MessageTypeDefinition<_drover_v1_ConfigureCriDockerd, _drover_v1_ConfigureCriDockerd__Output>
      ConfigureCrictl: MessageTypeDefinition<_drover_v1_ConfigureCrictl, _drover_v1_ConfigureCrictl__Output>
      ConfigureDocker: MessageTypeDefinition<_drover_v1_ConfigureDocker, _drover_v1_ConfigureDocker__Output>
      ConfigureFirewall: MessageTypeDefinition<_drover_v1_ConfigureFirewall, _drover_v1_ConfigureFirewall__Output>
      ConfigureHosts: MessageTypeDefinition<_drover_v1_ConfigureHosts, _drover_v1_ConfigureHosts__Output>
      ConfigureNode: MessageTypeDefinition<_drover_v1_ConfigureNode, _drover_v1_ConfigureNode__Output>
      ConfigureRepository: MessageTypeDefinition<_drover_v1_ConfigureRepository, _drover_v1_ConfigureRepository__Output>
      ConfigureRuntimeProxy: MessageTypeDefinition<_drover_v1_ConfigureRuntimeProxy, _drover_v1_ConfigureRuntimeProxy__Output>
      ConfigureSelinux: MessageTypeDefinition<_drover_v1_ConfigureSelinux, _drover_v1_ConfigureSelinux__Output>
      ConfigureSysctl: MessageTypeDefinition<_drover_v1_ConfigureSysctl, _drover_v1_ConfigureSysctl__Output>
      ContainerdRegistry: MessageTypeDefinition<_drover_v1_ContainerdRegistry, _drover_v1_ContainerdRegistry__Output>
      CoordinatorFrame: MessageTypeDefinition<_drover_v1_CoordinatorFrame, _drover_v1_CoordinatorFrame__Output>
      CoordinatorMark: MessageTypeDefinition<_drover_v1_CoordinatorMark, _drover_v1_CoordinatorMark__Output>
      DisableSwap: MessageTypeDefinition<_drover_v1_DisableSwap, _drover_v1_DisableSwap__Output>
      DrainNode: MessageTypeDefinition<_drover_v1_DrainNode, _drover_v1_DrainNode__Output>
      EnableService: MessageTypeDefinition<_drover_v1_EnableService, _drover_v1_EnableService__Output>
      EndpointFile: MessageTypeDefinition<_drover_v1_EndpointFile, _drover_v1_EndpointFile__Output>
      EndpointPod: MessageTypeDefinition<_drover_v1_EndpointPod, _drover_v1_EndpointPod__Output>
      FactsChange: MessageTypeDefinition<_drover_v1_FactsChange, _drover_v1_FactsChange__Output>
      Failure: MessageTypeDefinition<_drover_v1_Failure, _drover_v1_Failure__Output>
      FirewallOpening: MessageTypeDefinition<_drover_v1_FirewallOpening, _drover_v1_FirewallOpening__Output>
      GatherFacts: MessageTypeDefinition<_drover_v1_GatherFacts, _drover_v1_GatherFacts__Output>
      Heartbeat: MessageTypeDefinition<_drover_v1_Heartbeat, _drover_v1_Heartbeat__Output>
      HostsEntry: MessageTypeDefinition<_drover_v1_HostsEntry, _drover_v1_HostsEntry__Output>
      InitControlPlane: MessageTypeDefinition<_drover_v1_InitControlPlane, _drover_v1_InitControlPlane__Output>
      Inspection: MessageTypeDefinition<_drover_v1_Inspection, _drover_v1_Inspection__Output>
      InstallPackages: MessageTypeDefinition<_drover_v1_InstallPackages, _drover_v1_InstallPackages__Output>
      JoinControlPlane: MessageTypeDefinition<_drover_v1_JoinControlPlane, _drover_v1_JoinControlPlane__Output>
      JoinNode: MessageTypeDefinition<_drover_v1_JoinNode, _drover_v1_JoinNode__Output>
      KubeadmPatch: MessageTypeDefinition<_drover_v1_KubeadmPatch, _drover_v1_KubeadmPatch__Output>
      ListClusterNodes: MessageTypeDefinition<_drover_v1_ListClusterNodes, _drover_v1_ListClusterNodes__Output>
      ListEtcdMembers: MessageTypeDefinition<_drover_v1_ListEtcdMembers, _drover_v1_ListEtcdMembers__Output>
      ListenForPeers: MessageTypeDefinition<_drover_v1_ListenForPeers, _drover_v1_ListenForPeers__Output>
      LoadKernelModules: MessageTypeDefinition<_drover_v1_LoadKernelModules, _drover_v1_LoadKernelModules__Output>
      MachineAccount: MessageTypeDefinition<_drover_v1_MachineAccount, _drover_v1_MachineAccount__Output>
      MintControlPlaneCredentials: MessageTypeDefinition<_drover_v1_MintControlPlaneCredentials, _drover_v1_MintControlPlaneCredentials__Output>
      MintJoinCredentials: MessageTypeDefinition<_drover_v1_MintJoinCredentials, _drover_v1_MintJoinCredentials__Output>
      MintKubeconfig: MessageTypeDefinition<_drover_v1_MintKubeconfig, _drover_v1_MintKubeconfig__Output>
      Minted: MessageTypeDefinition<_drover_v1_Minted, _drover_v1_Minted__Output>
      NodeMetadata: MessageTypeDefinition<_drover_v1_NodeMetadata, _drover_v1_NodeMetadata__Output>
      OperationAccepted: MessageTypeDefinition<_drover_v1_OperationAccepted, _drover_v1_OperationAccepted__Output>
      OperationLogLine: MessageTypeDefinition<_drover_v1_OperationLogLine, _drover_v1_OperationLogLine__Output>
      OperationMode: EnumTypeDefinition
      OperationProgress: MessageTypeDefinition<_drover_v1_OperationProgress, _drover_v1_OperationProgress__Output>
      OperationResult: MessageTypeDefinition<_drover_v1_OperationResult, _drover_v1_OperationResult__Output>
      OperationUnknown: MessageTypeDefinition<_drover_v1_OperationUnknown, _drover_v1_OperationUnknown__Output>
      Package: MessageTypeDefinition<_drover_v1_Package, _drover_v1_Package__Output>
      PeerPort: MessageTypeDefinition<_drover_v1_PeerPort, _drover_v1_PeerPort__Output>
      PeerProtocol: EnumTypeDefinition
      PeerTarget: MessageTypeDefinition<_drover_v1_PeerTarget, _drover_v1_PeerTarget__Output>
      Probe: MessageTypeDefinition<_drover_v1_Probe, _drover_v1_Probe__Output>
      ProbeOutcome: EnumTypeDefinition
      ProbePeers: MessageTypeDefinition<_drover_v1_ProbePeers, _drover_v1_ProbePeers__Output>
      PullImages: MessageTypeDefinition<_drover_v1_PullImages, _drover_v1_PullImages__Output>
      ReadHostConfiguration: MessageTypeDefinition<_drover_v1_ReadHostConfiguration, _drover_v1_ReadHostConfiguration__Output>
      ReadKubeadmCluster: MessageTypeDefinition<_drover_v1_ReadKubeadmCluster, _drover_v1_ReadKubeadmCluster__Output>
      ReadTpm: MessageTypeDefinition<_drover_v1_ReadTpm, _drover_v1_ReadTpm__Output>
      RemoveEtcdMember: MessageTypeDefinition<_drover_v1_RemoveEtcdMember, _drover_v1_RemoveEtcdMember__Output>
      RemoveNodeObject: MessageTypeDefinition<_drover_v1_RemoveNodeObject, _drover_v1_RemoveNodeObject__Output>
      ResetNode: MessageTypeDefinition<_drover_v1_ResetNode, _drover_v1_ResetNode__Output>
      ResultAcknowledged: MessageTypeDefinition<_drover_v1_ResultAcknowledged, _drover_v1_ResultAcknowledged__Output>
      SelinuxMode: EnumTypeDefinition
      SequenceKept: MessageTypeDefinition<_drover_v1_SequenceKept, _drover_v1_SequenceKept__Output>
      ServeEndpoint: MessageTypeDefinition<_drover_v1_ServeEndpoint, _drover_v1_ServeEndpoint__Output>
      /**
       * The agent's one connection to its coordinator, over mutual TLS (8444). The agent dials; requests come down the stream.
       */
      Session: SubtypeConstructor<typeof grpc.Client, _drover_v1_SessionClient> & { service: _drover_v1_SessionDefinition }
      SessionHello: MessageTypeDefinition<_drover_v1_SessionHello, _drover_v1_SessionHello__Output>
      SessionWelcome: MessageTypeDefinition<_drover_v1_SessionWelcome, _drover_v1_SessionWelcome__Output>
      SetHostname: MessageTypeDefinition<_drover_v1_SetHostname, _drover_v1_SetHostname__Output>
      SnapshotEtcd: MessageTypeDefinition<_drover_v1_SnapshotEtcd, _drover_v1_SnapshotEtcd__Output>
      Taint: MessageTypeDefinition<_drover_v1_Taint, _drover_v1_Taint__Output>
      TpmCredential: MessageTypeDefinition<_drover_v1_TpmCredential, _drover_v1_TpmCredential__Output>
      TpmShown: MessageTypeDefinition<_drover_v1_TpmShown, _drover_v1_TpmShown__Output>
      UpgradeNode: MessageTypeDefinition<_drover_v1_UpgradeNode, _drover_v1_UpgradeNode__Output>
      VerifyCapability: MessageTypeDefinition<_drover_v1_VerifyCapability, _drover_v1_VerifyCapability__Output>
      WaitNodesReady: MessageTypeDefinition<_drover_v1_WaitNodesReady, _drover_v1_WaitNodesReady__Output>
      WriteKubeconfig: MessageTypeDefinition<_drover_v1_WriteKubeconfig, _drover_v1_WriteKubeconfig__Output>
    }
  }
}

