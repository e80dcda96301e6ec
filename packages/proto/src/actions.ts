import type { Action__Output } from './gen/drover/v1/Action.ts';

/**
 * What an action may do.
 * `query` reads. `ensure` inspects, applies, inspects again. `mint` makes a short-lived secret sealed to one recipient
 * and is never journalled.
 */
export type ActionKind = 'query' | 'ensure' | 'mint';

interface ActionEntry {
  /** The action's field in the `Action` message. */
  readonly field: Exclude<keyof Action__Output, 'action'>;
  readonly kind: ActionKind;
  /** A guarded action has an effect that must not happen twice: it is probed before it runs, and never retried blindly. */
  readonly guarded?: true;
}

/** Every action there is, by the name that plans, logs and people use. The one place where a new action is announced. */
export const actions = {
  'gather-facts': { field: 'gatherFacts', kind: 'query' },
  'set-hostname': { field: 'setHostname', kind: 'ensure' },
  'configure-hosts': { field: 'configureHosts', kind: 'ensure' },
  'configure-selinux': { field: 'configureSelinux', kind: 'ensure' },
  'disable-swap': { field: 'disableSwap', kind: 'ensure' },
  'load-kernel-modules': { field: 'loadKernelModules', kind: 'ensure' },
  'configure-sysctl': { field: 'configureSysctl', kind: 'ensure' },
  'configure-repository': { field: 'configureRepository', kind: 'ensure' },
  'install-packages': { field: 'installPackages', kind: 'ensure' },
  'configure-docker': { field: 'configureDocker', kind: 'ensure' },
  'configure-containerd': { field: 'configureContainerd', kind: 'ensure' },
  'configure-crictl': { field: 'configureCrictl', kind: 'ensure' },
  'configure-cri-dockerd': { field: 'configureCriDockerd', kind: 'ensure' },
  'configure-runtime-proxy': { field: 'configureRuntimeProxy', kind: 'ensure' },
  'configure-firewall': { field: 'configureFirewall', kind: 'ensure' },
  'enable-service': { field: 'enableService', kind: 'ensure' },
  'pull-images': { field: 'pullImages', kind: 'ensure' },
  'init-control-plane': { field: 'initControlPlane', kind: 'ensure', guarded: true },
  'mint-join-credentials': { field: 'mintJoinCredentials', kind: 'mint' },
  'join-node': { field: 'joinNode', kind: 'ensure', guarded: true },
  'write-kubeconfig': { field: 'writeKubeconfig', kind: 'ensure' },
  'mint-kubeconfig': { field: 'mintKubeconfig', kind: 'mint' },
  'apply-manifest': { field: 'applyManifest', kind: 'ensure' },
  'configure-node': { field: 'configureNode', kind: 'ensure' },
  'wait-nodes-ready': { field: 'waitNodesReady', kind: 'ensure' },
  'list-cluster-nodes': { field: 'listClusterNodes', kind: 'query' },
  'verify-capability': { field: 'verifyCapability', kind: 'ensure' },
  'join-control-plane': { field: 'joinControlPlane', kind: 'ensure', guarded: true },
  'reset-node': { field: 'resetNode', kind: 'ensure', guarded: true },
  'remove-etcd-member': { field: 'removeEtcdMember', kind: 'ensure', guarded: true },
  'mint-control-plane-credentials': { field: 'mintControlPlaneCredentials', kind: 'mint' },
  'upgrade-node': { field: 'upgradeNode', kind: 'ensure', guarded: true },
  'remove-node-object': { field: 'removeNodeObject', kind: 'ensure', guarded: true },
  'drain-node': { field: 'drainNode', kind: 'ensure' },
  'snapshot-etcd': { field: 'snapshotEtcd', kind: 'ensure' },
  'list-etcd-members': { field: 'listEtcdMembers', kind: 'query' },
  'serve-endpoint': { field: 'serveEndpoint', kind: 'ensure' },
  'read-kubeadm-cluster': { field: 'readKubeadmCluster', kind: 'query' },
  'read-host-configuration': { field: 'readHostConfiguration', kind: 'query' },
  'read-tpm': { field: 'readTpm', kind: 'query' },
  'answer-tpm-credential': { field: 'answerTpmCredential', kind: 'query' },
  'listen-for-peers': { field: 'listenForPeers', kind: 'query' },
  'probe-peers': { field: 'probePeers', kind: 'query' },
} as const satisfies Record<string, ActionEntry>;

/** The name of an action, as plans, journals, logs and the API write it. */
export type ActionName = keyof typeof actions;

/** An action's parameters as they arrive: every field present, defaults filled in. */
export type ActionParams<Name extends ActionName> = NonNullable<Action__Output[(typeof actions)[Name]['field']]>;

/** The names of all actions of one kind. */
export type ActionNameOfKind<Kind extends ActionKind> = {
  [Name in ActionName]: (typeof actions)[Name]['kind'] extends Kind ? Name : never;
}[ActionName];

/** The names of the actions whose effect must not happen twice. */
export type GuardedActionName = {
  [Name in ActionName]: (typeof actions)[Name] extends { readonly guarded: true } ? Name : never;
}[ActionName];

/** An action with its parameters, as a plan holds it; the union over all actions. */
export type ActionCall = {
  [Name in ActionName]: { readonly name: Name; readonly params: ActionParams<Name> };
}[ActionName];

const namesByField = new Map<string, ActionName>(
  Object.entries(actions).map(([name, entry]) => [entry.field, name as ActionName]),
);

/** The `Action` message that carries a call. */
export function toActionMessage(call: ActionCall): Action__Output {
  const { field } = actions[call.name];
  return { [field]: call.params, action: field };
}

/** The call in an `Action` message, or undefined when it names none that this version knows. */
export function fromActionMessage(message: Action__Output): ActionCall | undefined {
  const name = message.action === undefined ? undefined : namesByField.get(message.action);
  if (name === undefined) return undefined;
  const params = message[actions[name].field];
  // The field that `action` names is the one that is set: the decoder keeps the two together.
  return params === undefined || params === null ? undefined : ({ name, params } as ActionCall);
}
