import type { ActionCall } from '@drover/proto';
import { installKubernetes } from '../phases/install-kubernetes.ts';
import { installRuntime } from '../phases/install-runtime.ts';
import { prepareHost } from '../phases/prepare-host.ts';
import { startRuntime } from '../phases/start-runtime.ts';
import type { Phase, StepTemplate, Workflow } from '../plan/workflow.ts';

type Selector = (step: StepTemplate) => boolean;

const kubeletUnit = 'kubelet.service';
const named =
  (...names: readonly ActionCall['name'][]): Selector =>
  ({ call }) =>
    names.includes(call.name);
const service =
  (isWanted: (unit: string) => boolean): Selector =>
  ({ call }) =>
    call.name === 'enable-service' && isWanted(call.params.unit);

/** Which of the steps that prepared a machine mend what a check finds on it, by the check's id. */
const repairs: Readonly<Record<string, Selector>> = {
  hostname: named('set-hostname'),
  'hosts-entries': named('configure-hosts'),
  selinux: named('configure-selinux'),
  swap: named('disable-swap'),
  'kernel-modules': named('load-kernel-modules'),
  sysctl: named('load-kernel-modules', 'configure-sysctl'),
  firewall: named('configure-firewall'),
  proxies: named('configure-runtime-proxy'),
  'docker-settings': named('configure-docker'),
  'containerd-configuration': named('configure-containerd'),
  // Of the two there is the one of the cluster's runtime.
  'cgroup-driver': named('configure-docker', 'configure-containerd'),
  'cri-dockerd': ofCriDockerd,
  'runtime-running': service((unit) => unit !== kubeletUnit),
  'kubelet-running': service((unit) => unit === kubeletUnit),
  'installed-version': installs('kubelet'),
  // Whoever removes one of them removes the kubelet with it, and its package brings them back.
  'required-programs': installs('kubelet'),
  'package-versions': named('install-packages'),
  'package-holds': named('install-packages'),
};

/** Why no repair is for a check that names an action: each of them names it for machines that are no members yet. */
export const withoutRepair: Readonly<Record<string, string>> = {
  'hostname-uniqueness': 'two members of one name are one Node object: a person takes one of them out',
  reachability: 'of what a node’s own firewall keeps out, firewall has it',
  'runtime-version': 'of a member, package-versions has it',
  'version-skew': 'of a member, package-versions and installed-version have it',
};

function installs(name: string): Selector {
  return ({ call }) => call.name === 'install-packages' && call.params.packages.some((each) => each.name === name);
}

/** Its package, what it is told, and then its units: the socket is handed to the service. */
function ofCriDockerd({ call, label }: StepTemplate): boolean {
  if (call.name === 'install-packages') return label === 'cri-dockerd';
  if (call.name === 'enable-service') return call.params.unit.startsWith('cri-docker.');
  return call.name === 'configure-cri-dockerd';
}

/** The ids of the checks whose findings a run can mend. */
export const repairableChecks: ReadonlySet<string> = new Set(Object.keys(repairs));

/** Mends what these checks have found on a member: those of the steps that made it ready which concern them, and no others. */
export function repairNode(checks: readonly string[]): Workflow {
  const isWanted: Selector = (step) => checks.some((check) => repairs[check]?.(step) === true);
  const phases = [prepareHost, installRuntime, startRuntime, installKubernetes];
  return { name: 'repair-drift', phases: phases.map((phase) => reduced(phase, isWanted)) };
}

function reduced(phase: Phase, isWanted: Selector): Phase {
  return {
    ...phase,
    steps: (view) =>
      phase
        .steps(view)
        .filter(isWanted)
        .map((step) => ({ ...step, call: asOfMember(step.call) })),
  };
}

/** kubeadm starts the kubelet of a machine that is to be a member; that of a member has to run. */
function asOfMember(call: ActionCall): ActionCall {
  if (call.name !== 'enable-service' || call.params.unit !== kubeletUnit) return call;
  return { name: call.name, params: { ...call.params, running: true } };
}
