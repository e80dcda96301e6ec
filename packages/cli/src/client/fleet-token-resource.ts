// What the client reads of fleet tokens: a subset of the OpenAPI document, as resources.ts has it of the rest.

/** Whom a person lets in beforehand. */
export type FleetRule = { readonly node: string; readonly hardware: string } | { readonly hostname: string };

/** A token that is part of an image. */
export interface FleetTokenResource {
  readonly tokenId: string;
  readonly state: 'issued' | 'expired';
  readonly rules: readonly FleetRule[];
  readonly atMost: number;
  readonly letIn: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The one answer that contains it. */
export interface FleetTokenCreated extends FleetTokenResource {
  readonly token: string;
}
