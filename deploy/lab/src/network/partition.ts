import type { Host } from '../hosts/host.ts';
import { hostPlaces } from '../hosts/host.ts';
import type { Lab } from '../lab.ts';
import { runChecked } from '../machine/run-captured.ts';
import { switchNamespace } from './switch.ts';

/** Two ends between which the switch drops every frame. */
export interface Partition {
  /** A host's name. */
  readonly host: string;
  /** Another host's name, `coordinator` for the machine with everything it serves, or `everything`. */
  readonly from: string;
}

/**
 * Makes the switch drop exactly what the partitions say, and nothing else. Neither end can tell: its link stays up.
 * A partition outlives a reboot and a reimage of its host.
 */
export async function applyPartitions(
  lab: Lab,
  hosts: readonly Host[],
  partitions: readonly Partition[],
): Promise<void> {
  const rules = renderPartitions(lab, hosts, partitions);
  await runChecked('ip', ['netns', 'exec', switchNamespace(lab), 'nft', '--file', '-'], { input: rules });
}

/** The partitions as nftables rules that replace those of before in one step. */
export function renderPartitions(lab: Lab, hosts: readonly Host[], partitions: readonly Partition[]): string {
  const portOf = (name: string): string => {
    if (name === 'coordinator') return 'uplink';
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return hostPlaces(lab, host).port;
  };
  const rules = partitions.flatMap(({ host, from }) => {
    const port = portOf(host);
    if (from === 'everything') return [`iifname "${port}" drop`, `oifname "${port}" drop`];
    const other = portOf(from);
    return [`iifname "${port}" oifname "${other}" drop`, `iifname "${other}" oifname "${port}" drop`];
  });
  return [
    'table bridge partitions',
    'delete table bridge partitions',
    'table bridge partitions {',
    '  chain forward {',
    '    type filter hook forward priority 0; policy accept;',
    ...rules.map((rule) => `    ${rule}`),
    '  }',
    '}',
    '',
  ].join('\n');
}
