import type { PeerProbe } from '../../peer-network.ts';

/** What lies between simulated machines: who listens for others, and what is in the way. */
export interface SimulatedNetwork {
  /** By `protocol/address:port`. */
  readonly listeners: Readonly<Record<string, SimulatedListener>>;
  /** The first that fits a pair counts; what none fits is open. */
  readonly obstacles: readonly Obstacle[];
}

/** Who answers at a port. */
export interface SimulatedListener {
  readonly nodeName: string;
  /** Of the survey, hex; empty for a service that knows nothing of one. */
  readonly key: string;
}

/** Something on the way between two machines. What is left out fits everything. */
export interface Obstacle {
  /** Addresses. */
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly port?: number;
  /** What becomes of packets. @default they arrive */
  readonly outcome?: Extract<PeerProbe['outcome'], 'refused' | 'unreachable' | 'dropped'>;
  /** Larger packets are lost. @default none are */
  readonly mtuBytes?: number;
  /** Whoever listens at the address: a machine of this name answers. */
  readonly answeredBy?: string;
}

/** Nobody listens, and nothing is in the way. */
export const openNetwork: SimulatedNetwork = { listeners: {}, obstacles: [] };
