import type { NodeSpec } from '../clusters/cluster-spec.ts';
import type { ComponentArgument, KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import { controlPlaneTaints } from '../kubernetes/control-plane-marks.ts';
import { type KubernetesVersion, parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { type ContainerRuntime, criSocket } from '../kubernetes/runtime-support.ts';
import { kubeadmApiVersion } from './kubeadm-api-version.ts';
import { type KubeadmDocument, renderArguments, unlessNone } from './kubeadm-document.ts';

/** What kubeadm is told about the machine it runs on. */
export interface NodeRegistration {
  readonly name: string;
  readonly role: NodeSpec['role'];
  readonly runtime: ContainerRuntime;
  /** The address that the kubelet announces; its own choice when absent. */
  readonly address?: string;
  /** Beside kubeadm's own of a control-plane node. Absent: kubeadm's own alone; none: not even that one. */
  readonly taints?: NodeSpec['taints'];
  /** Of its kubelet, over those of every node's. */
  readonly kubeletArguments?: readonly ComponentArgument[];
  /** kubeadm's own checks to pass over, beside those of the whole cluster. */
  readonly ignoredPreflightErrors?: readonly string[];
}

/**
 * `nodeRegistration` of an Init- or JoinConfiguration.
 * Sources: NodeRegistrationOptions in types.go of the three formats; ValidateIgnorePreflightErrors for `all`.
 */
export function registrationDocument(kubernetes: KubernetesSpec, node: NodeRegistration): KubeadmDocument {
  const version = parseKubernetesVersion(kubernetes.version);
  const ignored = [...(kubernetes.ignoredPreflightErrors ?? []), ...(node.ignoredPreflightErrors ?? [])];
  return {
    name: node.name,
    criSocket: criSocket(version, node.runtime),
    taints: renderTaints(version, node),
    kubeletExtraArgs: renderArguments(kubeadmApiVersion(version), kubeletArguments(kubernetes, node)),
    ignorePreflightErrors: unlessNone(ignored.filter((name) => !isAll(name))),
    imagePullPolicy: kubernetes.imagePullPolicy,
    imagePullSerial: kubernetes.imagePullSerial,
  };
}

/** Those of `ignoredPreflightErrors` that kubeadm takes from its command line alone. */
export function errorsForCommandLine({ ignoredPreflightErrors = [] }: KubernetesSpec): readonly string[] {
  return ignoredPreflightErrors.filter(isAll);
}

function isAll(name: string): boolean {
  return name.toLowerCase() === 'all';
}

/** Taints given to kubeadm replace its own one. */
function renderTaints(version: KubernetesVersion, { role, taints }: NodeRegistration): readonly object[] | undefined {
  if (role === 'worker') return unlessNone(taints);
  if (taints === undefined || taints.length === 0) return taints;
  return [...controlPlaneTaints(version).map((key) => ({ key, effect: 'NoSchedule' })), ...taints];
}

/** A node's own arguments take the place of every node's of the same name. */
function kubeletArguments(kubernetes: KubernetesSpec, node: NodeRegistration): readonly ComponentArgument[] {
  const own = node.kubeletArguments ?? [];
  const everyNodes = (kubernetes.kubelet?.arguments ?? []).filter(({ name }) =>
    own.every((each) => each.name !== name),
  );
  const address = node.address === undefined ? [] : [{ name: 'node-ip', value: node.address }];
  return [...address, ...everyNodes, ...own];
}
