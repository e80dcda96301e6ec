/** A port of a machine. */
export interface PeerPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** A port that was to be listened on; taken is one on which somebody else listens, who stays. */
export interface PeerListener extends PeerPort {
  readonly state: 'open' | 'taken' | 'failed';
  /** Empty where it is open. */
  readonly reason: string;
}

/** How a port of another machine was found. */
export interface PeerProbe {
  /**
   * Answered by a listener with the same key, or by somebody `other`; `unreachable` is what the network or this machine's own
   * rules say, `dropped` that nothing came in time.
   */
  readonly outcome: 'answered' | 'other' | 'refused' | 'unreachable' | 'dropped';
  /** Of the first answer of any kind; null where none came. */
  readonly latencyMs: number | null;
  /** The name that the listener goes by. */
  readonly answeredBy: string | null;
  /** Empty where it was answered. */
  readonly reason: string;
}

/** How large a packet may be on the way to another machine. */
export interface PathMtu {
  /** Of the interface that leads there. */
  readonly interfaceMtuBytes: number | null;
  /** The largest that arrived, with its headers; null where it was not measured. */
  readonly mtuBytes: number | null;
  /** Senders of larger ones are told so: TCP and the kernel adapt. */
  readonly isTold: boolean;
  /** Why it was not measured. */
  readonly reason: string;
}

/** Whom to be for others. */
export interface PeerListening {
  /** Of the survey; who does not have it gets no answer. */
  readonly key: Uint8Array;
  readonly nodeName: string;
  /** Where the others look for it. All addresses of its kind are listened on, but for loopback. */
  readonly address: string;
  readonly ports: readonly PeerPort[];
  /** Everything is closed once it aborts. */
  readonly signal: AbortSignal;
}

/** A port of a machine at an address. */
export interface PeerTarget extends PeerPort {
  readonly address: string;
}

/** Whom to try. */
export interface PeerTargets {
  readonly key: Uint8Array;
  readonly targets: readonly PeerTarget[];
  readonly signal: AbortSignal;
}

/** A datagram port that has answered. */
export type PathTarget = Omit<PeerTarget, 'protocol'>;

/** The ways that are measured. */
export type PathTargets = Omit<PeerTargets, 'targets'> & { readonly targets: readonly PathTarget[] };

/** What the operating system does for machines that try how they reach each other. */
export interface PeerNetwork {
  /** Resolves, in the order of the ports, when all are open or known not to be. One that cannot be opened is no exception. */
  listen(listening: PeerListening): Promise<readonly PeerListener[]>;
  /** Side by side, 2.5 s for each at most; in the order of the targets. Throws the signal's reason alone. */
  probe(targets: PeerTargets): Promise<readonly PeerProbe[]>;
  /** Side by side, in the order of the targets. Throws the signal's reason alone. */
  measurePaths(paths: PathTargets): Promise<readonly PathMtu[]>;
}
