import { type MinorRange } from './supported-releases.ts';

/** What takes arguments of its own. */
export type Component = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'etcd';

const beforeItsRemovalIn24: MinorRange = { last: 23 };

/**
 * Arguments that a component once took and does not start with any more, without the dashes. Sources: CHANGELOG-1.24.md of
 * kubernetes/kubernetes (insecure ports, and what the shim of Docker took), kubernetes/kubernetes#114017 and #133779.
 */
const ranges: Partial<Record<Component, Readonly<Record<string, MinorRange>>>> = {
  'kube-apiserver': { 'insecure-port': beforeItsRemovalIn24, 'insecure-bind-address': beforeItsRemovalIn24 },
  'kube-controller-manager': { port: beforeItsRemovalIn24, address: beforeItsRemovalIn24 },
  kubelet: {
    'network-plugin': beforeItsRemovalIn24,
    'network-plugin-mtu': beforeItsRemovalIn24,
    'cni-bin-dir': beforeItsRemovalIn24,
    'cni-cache-dir': beforeItsRemovalIn24,
    'cni-conf-dir': beforeItsRemovalIn24,
    'docker-endpoint': beforeItsRemovalIn24,
    'image-pull-progress-deadline': beforeItsRemovalIn24,
    'container-runtime': { last: 26 },
    'pod-infra-container-image': { last: 34 },
  },
};

/** The releases in which a component takes the argument: all of them where nothing else is known. */
export function argumentRange(component: Component, name: string): MinorRange {
  const known = ranges[component] ?? {};
  return Object.hasOwn(known, name) ? (known[name] ?? {}) : {};
}
