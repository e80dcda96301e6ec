/** A rule of ufw that lets something in, or has it forwarded. */
export interface UfwRule {
  /** It is about what is forwarded, not about what is for the machine. */
  readonly isRoute: boolean;
  readonly protocol: 'tcp' | 'udp' | 'any';
  /** As ufw writes them, in the order of their numbers: 2379,2380 or 6000:6010; any. */
  readonly ports: string;
  /** An IPv4 address or network; 0.0.0.0/0 for everybody. */
  readonly source: string;
}

/** The same as it stands in ufw's file. */
export interface WrittenUfwRule extends UfwRule {
  readonly comment: string;
}

/** Where ufw keeps what people have told it, for IPv4. */
export const ufwRulesPath = '/etc/ufw/user.rules';

/**
 * What /etc/ufw/user.rules lets through. ufw writes down each rule before what it has become in iptables, in a comment
 * (src/backend_iptables.py, `_write_rules`; src/common.py, `format_rule`):
 * `### tuple ### allow tcp 6443 0.0.0.0/0 any 10.0.0.2 in comment=64726f766572`, the comment in hexadecimal digits. Rules for
 * one interface, one destination or one source port are not among them.
 */
export function parseUfwRules(text: string): readonly WrittenUfwRule[] {
  return [...text.matchAll(tuple)].map(([, route, protocol = '', ports = '', source = '', comment = '']) => ({
    isRoute: route !== undefined,
    protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : 'any',
    ports: sortPorts(ports),
    source,
    comment: Buffer.from(comment, 'hex').toString('utf8'),
  }));
}

const tuple =
  /^### tuple ### (route:)?(?:allow|limit)(?:_log|_log-all)? (tcp|udp|any) (\S+) 0\.0\.0\.0\/0 any (\S+) in(?: comment=([0-9a-f]+))?$/gm;

/** Ports in the order of their numbers, as in 80,443. */
function sortPorts(ports: string): string {
  const parts = ports.split(',');
  return parts.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(',');
}
