// Original file: proto/drover/v1/actions.proto

import type { FirewallOpening as _drover_v1_FirewallOpening, FirewallOpening__Output as _drover_v1_FirewallOpening__Output } from '../../drover/v1/FirewallOpening.ts';

/**
 * ensure. The firewall that runs, firewalld or ufw, lets these in, and forwards what pods send; rules of others stay. Where none
 * runs there is nothing to do.
 */
export interface ConfigureFirewall {
  /**
   * One for each source and protocol.
   */
  'openings'?: (_drover_v1_FirewallOpening)[];
  /**
   * The pods' addresses, as in 10.244.0.0/16: let in, and forwarded.
   */
  'podCidr'?: (string);
  /**
   * Whether earlier openings of Drover's own that are not among these go: not where an address is unknown.
   */
  'exact'?: (boolean);
}

/**
 * ensure. The firewall that runs, firewalld or ufw, lets these in, and forwards what pods send; rules of others stay. Where none
 * runs there is nothing to do.
 */
export interface ConfigureFirewall__Output {
  /**
   * One for each source and protocol.
   */
  'openings': (_drover_v1_FirewallOpening__Output)[];
  /**
   * The pods' addresses, as in 10.244.0.0/16: let in, and forwarded.
   */
  'podCidr': (string);
  /**
   * Whether earlier openings of Drover's own that are not among these go: not where an address is unknown.
   */
  'exact': (boolean);
}
