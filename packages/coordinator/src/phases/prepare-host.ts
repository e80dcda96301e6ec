import type { AptRepository } from '@drover/proto';
import type { NodeSpec, RepositorySpec } from '../clusters/cluster-spec.ts';
import { type ClusterView, targetNodes } from '../plan/cluster-view.ts';
import { firewallOpenings } from '../plan/firewall-openings.ts';
import { familyOf, type PackageFamily } from '../plan/package-family.ts';
import type { Phase, StepTemplate } from '../plan/workflow.ts';
import { hostsEntries } from './hosts-entries.ts';
import { timeoutsMs } from './timeouts.ts';

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
    ...firewallSteps(machine, view).map((step) => ({ ...beside, ...step })),
    // apt fetches the lists of one at a time.
    ...spec.repositories.map((repository, index) => ({
      ...repositoryStep(node, repository, familyOf(view, node)),
      besidePrevious: index === 0 || familyOf(view, node) === 'yum',
    })),
    // The parameters of bridges are there once the module is.
    { node, call: { name: 'configure-sysctl', params: { values: sysctlValues } } },
  ];
}

/** Only where the cluster file asks for it, and only where a firewall runs. */
function firewallSteps(machine: NodeSpec, view: ClusterView): readonly Pick<StepTemplate, 'call' | 'timeoutMs'>[] {
  const { firewalld = null, ufw = null } =
    view.nodes.find(({ spec }) => spec.name === machine.name)?.facts.firewall ?? {};
  if (view.spec.firewall?.mode !== 'manage' || (firewalld === null && ufw === null)) return [];
  const call = { name: 'configure-firewall', params: firewallOpenings(view, machine) } as const;
  return [{ call, timeoutMs: timeoutsMs.configureFirewall }];
}

/** A repository in the form for the machine's family; that there is one, preflight has seen to. */
function repositoryStep(node: string, repository: RepositorySpec, family: PackageFamily): StepTemplate {
  const { id, name = id, baseUrl = '', gpgCheck = true, gpgKeys = [], exclude = [], apt } = repository;
  const shared = { id, name, exclude: [...exclude] };
  const params =
    family === 'apt' && apt !== undefined
      ? { ...shared, baseUrl: '', gpgCheck: false, gpgKeys: [], apt: aptParams(apt) }
      : { ...shared, baseUrl, gpgCheck, gpgKeys: [...gpgKeys], apt: null };
  return { node, label: id, call: { name: 'configure-repository', params } };
}

function aptParams(form: NonNullable<RepositorySpec['apt']>): AptRepository {
  const { url, suite, components = [], checkSignatures = true, key = '', keySha256 = '' } = form;
  return { url, suite, components: [...components], checkSignatures, key, keySha256 };
}
