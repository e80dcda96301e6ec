import { usableSerial, usableUuid } from '../../inventory/junk-identifiers.ts';
import { wayOut } from '../../plan/node-address.ts';
import { clusterCheck, type ReadNode } from '../define-check.ts';

type Node = ReadNode<'host' | 'network'>;

const source =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#verify-mac-address';

/** Clones share what Kubernetes and DHCP tell machines apart by. */
export const machineUniqueness = clusterCheck({
  id: 'machine-uniqueness',
  title: 'No two machines share an identifier',
  scope: 'cluster',
  reads: ['host', 'network'],
  shows: 'The identifier',
  rules: {
    machineId: {
      severity: 'error',
      when: 'Two have one machine id, as clones of one image do',
      source,
      remedy: 'Remove /etc/machine-id on the clones, run `systemd-machine-id-setup` and restart them.',
    },
    productUuid: {
      severity: 'error',
      when: 'Two have one product UUID',
      source,
      remedy: 'Give each virtual machine a UUID of its own in its hypervisor.',
    },
    mac: {
      severity: 'error',
      when: 'Two have one MAC address on the way out, or on a network card',
      source,
      remedy: 'Give each virtual machine a network card of its own.',
    },
    boardSerial: {
      severity: 'warning',
      when: 'Two have one serial number of the mainboard: it helps to know a machine again after it was reimaged',
      remedy:
        'Nothing, where the maker gives all boards one; otherwise see whether one machine is a copy of the other.',
    },
  },
  ofNodes: (nodes) => [
    ...shared('machineId', 'machine id', nodes, ({ facts }) => [facts.host.machineId ?? undefined]),
    ...shared('productUuid', 'product UUID', nodes, ({ facts }) => [usableUuid(facts.host.productUuid ?? '')]),
    ...shared('mac', 'MAC address', nodes, (node) => [wayOut(node)?.mac, ...node.facts.host.deviceMacs]),
    ...shared('boardSerial', 'board serial number', nodes, ({ facts }) => [usableSerial(facts.host.boardSerial ?? '')]),
  ],
});

/** Bridges and tunnels carry made-up addresses that repeat from machine to machine; those of devices do not. */
function shared<Rule extends string>(
  rule: Rule,
  what: string,
  nodes: readonly Node[],
  read: (node: Node) => readonly (string | undefined)[],
) {
  const owners = new Map<string, Set<string>>();
  for (const node of nodes) {
    for (const value of read(node)) {
      if (value === undefined || value === '' || value === '00:00:00:00:00:00') continue;
      owners.set(value, (owners.get(value) ?? new Set()).add(node.spec.name));
    }
  }
  return [...owners].flatMap(([value, names]) => {
    if (names.size < 2) return [];
    return [{ rule, message: `${[...names].join(', ')} have the same ${what}`, evidence: [`${what} ${value}`] }];
  });
}
