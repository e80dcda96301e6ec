/** Why a port has to be reached. */
export type PortPurpose = 'api-server' | 'etcd' | 'kubelet' | 'pod-network';

/** A port that a node has to reach on another. */
export interface NeededPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly purpose: PortPurpose;
}

/**
 * How a port was found. `reached`: the node itself answered. `in-use`: the service that has the port took the connection.
 * `other-node`: another node answered at the address. `other`: somebody who is none of the nodes did. `refused`, `unreachable`
 * (the network says so) and `dropped` (nothing came back) are faults of the way; `unmeasured` says nothing.
 */
export type PortState =
  | 'reached'
  | 'in-use'
  | 'other-node'
  | 'other'
  | 'refused'
  | 'unreachable'
  | 'dropped'
  | 'unmeasured';

/** One port of one way. */
export interface SurveyedPort extends NeededPort {
  readonly state: PortState;
  readonly latencyMs: number | null;
  /** The node that answered. */
  readonly answeredBy: string | null;
  /** In the words of the machine that tried; empty where there is nothing to say. */
  readonly reason: string;
}

/** The way from one node to another. */
export interface SurveyedLink {
  /** Names of nodes. */
  readonly from: string;
  readonly to: string;
  /** Where `to` was looked for. */
  readonly address: string;
  /** The least of its ports. */
  readonly latencyMs: number | null;
  /** The largest packet that arrived; null where that was not measured. */
  readonly mtuBytes: number | null;
  /** What the interface sends at most. */
  readonly interfaceMtuBytes: number | null;
  /** Senders of larger packets are told, and adapt. */
  readonly isMtuTold: boolean;
  readonly ports: readonly SurveyedPort[];
}

/** A node that took part. */
export interface SurveyedNode {
  readonly name: string;
  readonly address: string;
  /** The firewalls that run on it, as far as its facts say. */
  readonly firewalls: readonly ('firewalld' | 'ufw')[];
}

/** How the nodes of a cluster reach each other, on what their roles need. */
export interface Reachability {
  /** ISO 8601. */
  readonly surveyedAt: string;
  readonly durationMs: number;
  /** In the order of the cluster file. */
  readonly nodes: readonly SurveyedNode[];
  /** Those that did not, or not wholly. */
  readonly unsurveyed: readonly { readonly node: string; readonly reason: string }[];
  readonly links: readonly SurveyedLink[];
}

/** Whether nothing is wrong with a port, as far as is known. */
export function isFine({ state }: Pick<SurveyedPort, 'state'>): boolean {
  return state === 'reached' || state === 'in-use' || state === 'unmeasured';
}
