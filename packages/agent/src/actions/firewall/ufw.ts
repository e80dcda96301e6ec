import type { Change, ConfigureFirewall } from '@drover/proto';
import { parseUfwRules, type UfwRule, ufwRulesPath } from '../../facts/ufw-rules.ts';
import type { ReadonlyHost } from '../../host/host.ts';
import { command, comment } from '../shell/quote.ts';
import type { Firewall } from './firewall.ts';

/** What a rule of Drover's own is known by. A rule that somebody else has made is never taken away, nor its comment changed. */
const mark = 'drover';

/** ufw(8). It puts each rule into effect and writes it down at once, so that there is one state of both. */
export const ufw: Firewall = {
  inspect: async ({ host }, params) => (await edits(host, params)).map(toChange),
  apply: async ({ host }, params) => {
    for (const edit of await edits(host, params)) await host.run({ argv: argvOf(edit), timeoutMs: 60_000 });
  },
  byHand: async ({ host }, params) => {
    const found = await edits(host, params);
    return found.length === 0 ? [comment('ufw has these rules')] : found.map((edit) => command(...argvOf(edit)));
  },
};

interface Edit {
  readonly rule: UfwRule;
  readonly isAdded: boolean;
}

/** What is new comes first: nobody who has to come in is kept out in between. */
async function edits(host: ReadonlyHost, params: ConfigureFirewall): Promise<readonly Edit[]> {
  const present = parseUfwRules((await host.readFile(ufwRulesPath)) ?? '');
  const wanted = wantedRules(params);
  const has = (rules: readonly UfwRule[], rule: UfwRule) => rules.some((each) => keyOf(each) === keyOf(rule));
  const stale = present.filter((rule) => rule.comment === mark && params.exact && !has(wanted, rule));
  return [
    ...wanted.filter((rule) => !has(present, rule)).map((rule) => ({ rule, isAdded: true })),
    ...stale.map((rule) => ({ rule, isAdded: false })),
  ];
}

/**
 * Pods reach the API server and the kubelet of their own node from their own addresses, and what they send on to others is
 * forwarded; the answers ufw lets back by itself (/etc/ufw/before.rules). DEFAULT_FORWARD_POLICY stays what it is.
 */
function wantedRules({ openings, podCidr }: ConfigureFirewall): readonly UfwRule[] {
  const fromPods = { protocol: 'any', ports: 'any', source: podCidr } as const;
  return [
    ...openings.map(({ source, protocol, ports }): UfwRule => {
      const sorted = ports.toSorted((a, b) => a - b).join(',');
      return { isRoute: false, protocol: protocol === 'udp' ? 'udp' : 'tcp', ports: sorted, source };
    }),
    { isRoute: false, ...fromPods },
    { isRoute: true, ...fromPods },
  ];
}

function keyOf({ isRoute, protocol, ports, source }: UfwRule): string {
  return `${isRoute} ${protocol} ${ports} ${source.replace(/\/32$/, '')}`;
}

function argvOf({ rule: { isRoute, protocol, ports, source }, isAdded }: Edit): [string, ...string[]] {
  return [
    'ufw',
    ...(isRoute ? ['route'] : []),
    ...(isAdded ? [] : ['delete']),
    'allow',
    ...(protocol === 'any' ? [] : ['proto', protocol]),
    ...['from', source],
    ...(ports === 'any' ? [] : ['to', 'any', 'port', ports]),
    ...(isAdded ? ['comment', mark] : []),
  ];
}

function toChange({ rule: { isRoute, protocol, ports, source }, isAdded }: Edit): Change {
  const place = ports === 'any' ? '' : ` to port ${ports}/${protocol}`;
  const subject = `ufw: ${isRoute ? 'forward' : 'allow'} from ${source}${place}`;
  return isAdded ? { subject, before: 'absent', after: 'present' } : { subject, before: 'present', after: 'absent' };
}
