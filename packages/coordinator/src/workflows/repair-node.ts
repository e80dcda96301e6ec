import type { ActionCall } from '@drover/proto';
import { installKubernetes } from '../phases/install-kubernetes.ts';
import { installRuntime } from '../phases/install-runtime.ts';
import { prepareHost } from '../phases/prepare-host.ts';
import { startRuntime } from '../phases/start-runtime.ts';
import type { Phase, Workflow } from '../plan/workflow.ts';

type Selector = (call: ActionCall) => boolean;

const kubeletUnit = 'kubelet.service';
const named =
  (...names: readonly ActionCall['name'][]): Selector =>
  ({ name }) =>
    names.includes(name);

/** Which of the steps that prepared a machine mend what a check finds on it, by the check's id. */
const repairs: Readonly<Record<string, Selector>> = {
  hostname: named('set-hostname'),
  'hosts-entries': named('configure-hosts'),
  selinux: named('configure-selinux'),
  swap: named('disable-swap'),
  'kernel-modules': named('load-kernel-modules'),
  sysctl: named('load-kernel-modules', 'configure-sysctl'),
  firewall: named('configure-firewall'),
  'docker-settings': named('configure-docker'),
  'runtime-running': (call) => call.name === 'enable-service' && call.params.unit !== kubeletUnit,
  'kubelet-running': (call) => call.name === 'enable-service' && call.params.unit === kubeletUnit,
  'installed-version': installs('kubelet'),
  'package-versions': named('install-packages'),
  'package-holds': named('install-packages'),
};

function installs(name: string): Selector {
  return (call) => call.name === 'install-packages' && call.params.packages.some((each) => each.name === name);
}

/** The ids of the checks whose findings a run can mend. */
export const repairableChecks: ReadonlySet<string> = new Set(Object.keys(repairs));

/** Mends what these checks have found on a member: those of the steps that made it ready which concern them, and no others. */
export function repairNode(checks: readonly string[]): Workflow {
  const isWanted: Selector = (call) => checks.some((check) => repairs[check]?.(call) === true);
  const phases = [prepareHost, installRuntime, startRuntime, installKubernetes];
  return { name: 'repair-drift', phases: phases.map((phase) => reduced(phase, isWanted)) };
}

function reduced(phase: Phase, isWanted: Selector): Phase {
  return {
    ...phase,
    steps: (view) =>
      phase
        .steps(view)
        .filter(({ call }) => isWanted(call))
        .map((step) => ({ ...step, call: asOfMember(step.call) })),
  };
}

/** kubeadm starts the kubelet of a machine that is to be a member; that of a member has to run. */
function asOfMember(call: ActionCall): ActionCall {
  if (call.name !== 'enable-service' || call.params.unit !== kubeletUnit) return call;
  return { name: call.name, params: { ...call.params, running: true } };
}
