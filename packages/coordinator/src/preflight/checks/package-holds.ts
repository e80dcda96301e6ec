import { runtimePackages } from '../../clusters/wanted-packages.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** What a system-wide update must pass over: a kubelet that is upgraded behind the cluster's back is outside the skew. */
const guarded = ['kubelet', 'kubeadm', 'kubectl', 'docker-ce', 'docker-ce-cli', 'containerd.io', 'cri-dockerd'];

/** An unattended upgrade takes whatever the repository has. */
export const packageHolds = nodeCheck({
  id: 'package-holds',
  title: 'The packages of Kubernetes and of the runtime are held at their version',
  scope: 'node',
  reads: ['packages'],
  shows: 'What is held',
  rules: {
    unheld: {
      ...mendedBy('install-packages'),
      when: 'One is installed, and the next update of the system would replace it',
      source:
        'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#installing-kubeadm-kubelet-and-kubectl',
    },
  },
  ofNode: ({ facts: { packages } }, { spec }) => {
    const wanted = runtimePackages(spec).flatMap((set) => set.packages.map(({ name }) => name));
    const isHeld = (name: string) => packages.held.some((pattern) => matches(name, pattern));
    const unheld = [...new Set([...guarded, ...wanted])].filter(
      (name) => packages.installed[name] !== undefined && !isHeld(name),
    );
    if (unheld.length === 0) return [];
    const message = `an update of the system would replace ${unheld.join(', ')}`;
    const evidence = [`held: ${packages.held.length === 0 ? 'nothing' : packages.held.join(', ')}`];
    return [{ rule: 'unheld', message, evidence }];
  },
});

/** Patterns have * for any characters, as dnf.conf(5) and apt's have them. */
function matches(name: string, pattern: string): boolean {
  const expression = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`).test(name);
}
