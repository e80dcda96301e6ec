import type { DocumentPath, Fitting, ReportFault } from '@drover/core';
import type { KubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { argumentRange, type Component } from '../kubernetes/removed-arguments.ts';
import { describeRange, isWithin } from '../kubernetes/supported-releases.ts';
import type { ClusterDocument } from './cluster-spec.ts';
import type { ComponentArgument } from './kubernetes-spec.ts';

type FittingSpec = Fitting<ClusterDocument['spec']>;

/** Arguments that Drover gives from another key of the cluster file, where the other nodes and the checks find it too. */
const owned: Readonly<Record<Component, Readonly<Record<string, string>>>> = {
  'kube-apiserver': {
    'advertise-address': 'controlPlaneEndpoint.advertiseAddress or nodes[].address',
    'secure-port': 'controlPlaneEndpoint.apiServerPort',
    'service-cluster-ip-range': 'networking.serviceCidr',
    'etcd-servers': 'kubernetes.etcd.external',
  },
  'kube-controller-manager': {
    'cluster-cidr': 'networking.podCidr',
    'service-cluster-ip-range': 'networking.serviceCidr',
  },
  'kube-scheduler': {},
  kubelet: {
    'node-ip': 'nodes[].address',
    'hostname-override': 'nodes[].name',
    'cgroup-driver': 'runtime.docker.cgroupDriver',
    'node-labels': 'nodes[].labels',
    'register-with-taints': 'nodes[].taints',
  },
  etcd: { 'data-dir': 'nothing: etcd’s data is in /var/lib/etcd', name: 'nodes[].name' },
};

/** Every list of arguments in a cluster file, with whose they are. */
function argumentLists({ kubernetes, nodes = [] }: FittingSpec): readonly {
  readonly component: Component;
  readonly path: DocumentPath;
  readonly list: readonly (Fitting<ComponentArgument> | undefined)[] | undefined;
}[] {
  const { apiServer, controllerManager, scheduler, etcd, kubelet } = kubernetes ?? {};
  const at = (key: string): DocumentPath => ['kubernetes', key, 'arguments'];
  return [
    { component: 'kube-apiserver', path: at('apiServer'), list: apiServer?.arguments },
    { component: 'kube-controller-manager', path: at('controllerManager'), list: controllerManager?.arguments },
    { component: 'kube-scheduler', path: at('scheduler'), list: scheduler?.arguments },
    { component: 'etcd', path: at('etcd'), list: etcd?.arguments },
    { component: 'kubelet', path: at('kubelet'), list: kubelet?.arguments },
    ...nodes.map((node, index) => ({
      component: 'kubelet' as const,
      path: ['nodes', index, 'kubeletArguments'],
      list: node?.kubeletArguments,
    })),
  ];
}

/** The first minor release whose kubeadm takes one name several times: before, arguments are a mapping. */
const repeatableSince = 31;

/** What has to hold of arguments beyond their form; paths begin at the cluster's spec. */
export function argumentRules(spec: FittingSpec, version: KubernetesVersion, report: ReportFault): void {
  for (const { component, path, list = [] } of argumentLists(spec)) {
    const names = list.map((argument) => argument?.name);
    names.forEach((name, index) => {
      if (name === undefined) return;
      const place = [...path, index, 'name'];
      const owner = Object.hasOwn(owned[component], name) ? owned[component][name] : undefined;
      if (owner !== undefined) report(place, `${name} is Drover’s to give: say it by ${owner}`);
      const range = argumentRange(component, name);
      if (!isWithin(range, version)) {
        report(place, `${component} ${version.tag} does not start with ${name} (taken: ${describeRange(range)})`);
      }
      if (version.minor < repeatableSince && names.indexOf(name) < index) {
        report(
          place,
          `${name} is there twice, which kubeadm takes from 1.${repeatableSince} on, and this is ${version.tag}`,
        );
      }
    });
  }
}
