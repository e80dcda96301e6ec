import type { Fault } from '@drover/core';
import type { ClusterSurvey } from './cluster-survey.ts';

/** Why Drover cannot look after a cluster, each with what would have to be otherwise; empty when it can. */
export function surveyFaults(survey: ClusterSurvey): readonly Fault[] {
  const { externalEtcd } = survey.kubeadm;
  const message = 'its etcd is not on the control-plane nodes, and Drover knows stacked members alone';
  return [
    ...(externalEtcd ? [{ path: 'etcd', message }] : []),
    ...survey.members.flatMap(({ name }) => nodeFaults(name, survey)),
  ];
}

function nodeFaults(name: string, { members, objects }: ClusterSurvey): readonly Fault[] {
  const fault = (text: string): Fault => ({ path: 'nodes', message: `${name}: ${text}` });
  const object = objects.find((each) => each.name === name);
  if (object !== undefined) {
    const { containerRuntime } = object;
    if (containerRuntime.startsWith('docker://')) return [];
    return [fault(`its runtime is ${containerRuntime}, and Drover knows Docker alone`)];
  }
  const machineId = members.find((member) => member.name === name)?.facts.host.machineId ?? null;
  const own = objects.find((each) => machineId !== null && each.machineId === machineId);
  if (own === undefined) return [fault('the cluster has no Node of this name')];
  return [
    fault(`its Node is called ${own.name}: enrol the machine under that name (\`drover token create ${own.name}\`)`),
  ];
}
