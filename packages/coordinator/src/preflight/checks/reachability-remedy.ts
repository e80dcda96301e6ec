import type { PortState, Reachability, SurveyedLink, SurveyedPort } from '../../plan/reachability.ts';

/** What mends a fault, by what was seen; the rule's own remedy where that says no more. */
export function remedyFor(
  { link, port }: { readonly link: SurveyedLink; readonly port: SurveyedPort },
  sources: readonly string[],
  { nodes }: Reachability,
): { readonly remedy?: string } {
  const say = remedies[port.state];
  if (say === undefined) return {};
  const { firewalls = [] } = nodes.find(({ name }) => name === link.to) ?? {};
  const place = `${port.port}/${port.protocol}`;
  const [single, ...others] = sources;
  const from = others.length === 0 ? `from ${addressOf(single, nodes)}` : 'from the other nodes';
  return { remedy: say({ place, from, to: link.to, opening: openingOf(place, link.to, firewalls) }) };
}

interface Way {
  /** As in 6443/tcp. */
  readonly place: string;
  readonly from: string;
  readonly to: string;
  /** What opens it there, as far as is known. */
  readonly opening: string;
}

const remedies: Readonly<Partial<Record<PortState, (way: Way) => string>>> = {
  dropped: ({ place, from, to, opening }) =>
    `Packets are dropped on the way. Let ${place} in on ${to} ${from}: ${opening}; then look at security groups and routers between the two, and at the way back.`,
  refused: ({ place, from, to, opening }) =>
    `Something refuses in the node’s place. Let ${place} in on ${to} ${from}: ${opening}; if nothing there refuses it, the address leads to another machine.`,
  unreachable: ({ place, from, to, opening }) =>
    `A firewall rejects, or there is no route. Let ${place} in on ${to} ${from}: ${opening}; then look at the routes of both, and at rules for what leaves.`,
};

function openingOf(place: string, node: string, firewalls: Reachability['nodes'][number]['firewalls']): string {
  const commands = firewalls.map((name) =>
    name === 'ufw'
      ? `\`ufw allow ${place}\``
      : `\`firewall-cmd --permanent --add-port=${place} && firewall-cmd --reload\``,
  );
  return commands.length === 0
    ? `neither firewalld nor ufw is known to run on ${node}: see \`nft list ruleset\``
    : commands.join(', ');
}

function addressOf(name: string | undefined, nodes: Reachability['nodes']): string {
  const node = nodes.find((each) => each.name === name);
  return node === undefined ? 'the other node' : `${node.name} (${node.address})`;
}
