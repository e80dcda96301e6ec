import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import { type ClusterView, targetNodes } from '../plan/cluster-view.ts';
import type { Phase, StepTemplate } from '../plan/workflow.ts';
import { hostsEntries } from './hosts-entries.ts';

/** Overlay file systems for containers; bridged packets have to pass iptables for services to work. */
const kernelModules = ['overlay', 'br_netfilter'];

/** Source: https://kubernetes.io/docs/setup/production-environment/container-runtimes/ */
const sysctlValues = {
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.ipv4.ip_forward': '1',
};

/** Makes every machine one that kubeadm accepts, and teaches it where its software comes from. */
export const prepareHost: Phase = {
  name: 'prepare-host',
  after: [],
  steps: (view) => targetNodes(view).flatMap((node) => stepsOf(node, view)),
};

function stepsOf(machine: NodeSpec, view: ClusterView): readonly StepTemplate[] {
  const { name: node } = machine;
  const { spec } = view;
  const beside = { node, besidePrevious: true } as const;
  return [
    { node, call: { name: 'set-hostname', params: { hostname: node } } },
    { ...beside, call: { name: 'configure-hosts', params: { entries: hostsEntries(view, machine, 'before-joins') } } },
    {
      ...beside,
      call: {
        name: 'configure-selinux',
        params: { mode: spec.selinux === 'enforcing' ? 'ENFORCING' : 'PERMISSIVE' },
      },
    },
    { ...beside, call: { name: 'disable-swap', params: {} } },
    { ...beside, call: { name: 'load-kernel-modules', params: { modules: kernelModules } } },
    ...spec.repositories.map((repository) => ({ ...beside, ...repositoryStep(node, repository) })),
    // The parameters of bridges are there once the module is.
    { node, call: { name: 'configure-sysctl', params: { values: sysctlValues } } },
  ];
}

function repositoryStep(node: string, repository: ClusterSpec['repositories'][number]): StepTemplate {
  const { id, name = id, baseUrl, gpgCheck = true, gpgKeys = [], exclude = [] } = repository;
  return {
    node,
    label: id,
    call: {
      name: 'configure-repository',
      params: { id, name, baseUrl, gpgCheck, gpgKeys: [...gpgKeys], exclude: [...exclude] },
    },
  };
}
