// Original file: proto/drover/v1/actions.proto


export interface FirewallOpening {
  /**
   * An IPv4 address, or a network as in 10.0.0.0/24.
   */
  'source'?: (string);
  /**
   * tcp or udp.
   */
  'protocol'?: (string);
  'ports'?: (number)[];
}

export interface FirewallOpening__Output {
  /**
   * An IPv4 address, or a network as in 10.0.0.0/24.
   */
  'source': (string);
  /**
   * tcp or udp.
   */
  'protocol': (string);
  'ports': (number)[];
}
