import type { Hardware } from './hardware.ts';
import type { PinnedTpm } from './pinned-tpm.ts';

/**
 * A node as the coordinator remembers it: a slot with its present incarnation. Stored at `nodes/<nodeId>`; the name is
 * held unique by `node-names/<name>`, which contains the node's id.
 */
export interface NodeRecord {
  /** UUIDv7, never reused, never derived from anything about the machine. */
  readonly nodeId: string;
  /** The name in cluster files and of the Node object. */
  readonly name: string;
  /** 0 until the first enrolment, then +1 at each accepted one. */
  readonly incarnation: number;
  /** Of the present incarnation; absent until the first enrolment. */
  readonly identity?: NodeIdentity;
  /** What the machine said of itself when the present incarnation was enrolled; absent where it could not look. */
  readonly hardware?: Hardware;
  /** Absent until a machine of the node has proved that it has one. */
  readonly tpm?: PinnedTpm;
  /** ISO 8601, as every instant in a record. */
  readonly createdAt: string;
}

/** What authorises an agent: this exact key, in this incarnation. */
export interface NodeIdentity {
  /** SubjectPublicKeyInfo in DER, base64. */
  readonly publicKey: string;
  /** PEM. */
  readonly certificate: string;
  readonly enrolledAt: string;
}

/**
 * A node that a person removed: its machine is refused by whatever it shows, until the node is readmitted or forgotten.
 * Stored at `removed-nodes/<nodeId>`.
 */
export interface RemovedNode extends NodeRecord {
  /** ISO 8601. */
  readonly removedAt: string;
}
