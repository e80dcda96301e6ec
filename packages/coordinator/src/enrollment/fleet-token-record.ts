/** Whom a person lets in beforehand, of the machines that show a fleet token. */
export type FleetRule =
  /** The machine with this SMBIOS uuid, board serial or network card, whatever it is called: it is the named node. */
  | { readonly node: string; readonly hardware: string }
  /** A machine whose hostname fits this pattern, in which `*` stands for any characters: it is the node of that name. */
  | { readonly hostname: string };

/**
 * A token that is part of an image: every machine of that image shows it, and it says of none which one it is. Stored at
 * `fleet-tokens/<tokenId>`.
 */
export interface FleetTokenRecord {
  readonly tokenId: string;
  /** As of any token: see `TokenRecord`. */
  readonly verifier: string;
  /** ISO 8601, as every instant in a record. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** A machine that fits none waits for a person. */
  readonly rules: readonly FleetRule[];
  /** So many machines are let in by rules at most. */
  readonly atMost: number;
  /** So many were. */
  readonly letIn: number;
}

/** Where a fleet token is kept. */
export function fleetTokenKey(tokenId: string): string {
  return `fleet-tokens/${tokenId}`;
}
