import type { NodeView } from '../../plan/cluster-view.ts';
import type { Check, FindingDraft } from '../check.ts';

/** Clones share what Kubernetes and DHCP tell machines apart by. https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ */
export const machineUniqueness: Check = {
  id: 'machine-uniqueness',
  ofFacts: ({ nodes }) => [
    ...shared(nodes, 'machine id', ({ facts }) => facts.host.machineId ?? undefined, {
      remedy: 'Remove /etc/machine-id on the clones, run `systemd-machine-id-setup` and restart them.',
    }),
    ...shared(nodes, 'MAC address', macOfDefaultRoute, {
      remedy: 'Give each virtual machine a network card of its own.',
    }),
  ],
};

function shared(
  nodes: readonly NodeView[],
  what: string,
  read: (node: NodeView) => string | undefined,
  { remedy }: { readonly remedy: string },
): readonly FindingDraft[] {
  const groups = Map.groupBy(nodes, read);
  groups.delete(undefined);
  return [...groups].flatMap(([value, members]): readonly FindingDraft[] => {
    if (members.length < 2) return [];
    const names = members.map(({ spec }) => spec.name).join(', ');
    return [{ severity: 'error', message: `${names} have the same ${what}`, evidence: [`${what} ${value}`], remedy }];
  });
}

/** Bridges and tunnels carry made-up addresses that repeat from machine to machine; the way out does not. */
function macOfDefaultRoute({ facts: { network } }: NodeView): string | undefined {
  const name = network.routes.find(({ destination }) => destination === '0.0.0.0/0')?.interface;
  const mac = network.interfaces.find((each) => each.name === name)?.mac;
  return mac === '' ? undefined : mac;
}
