import { type Static, Type } from 'typebox';

/** Asks for an enrolment token. */
export const TokenRequest = Type.Object(
  {
    node: Type.String({
      description: 'The node’s name in cluster files; a name that is new makes the node',
      pattern: '^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$',
      examples: ['worker-1'],
    }),
    ttlMs: Type.Optional(
      Type.Integer({
        description: 'How long it can be used',
        minimum: 60_000,
        maximum: 604_800_000,
        default: 3_600_000,
      }),
    ),
  },
  { additionalProperties: false },
);
export type TokenRequest = Static<typeof TokenRequest>;

/** The one answer that contains a token. */
export const CreatedToken = Type.Object({
  tokenId: Type.String(),
  token: Type.String({ description: 'Shown this once; goes into /etc/drover/enrollment-token on the machine' }),
  node: Type.String(),
  expiresAt: Type.String({ description: 'ISO 8601' }),
});

/** An enrolment token as it is listed: everything but the token. */
export const TokenResource = Type.Object({
  tokenId: Type.String(),
  node: Type.String(),
  state: Type.Union([Type.Literal('issued'), Type.Literal('reserved'), Type.Literal('used'), Type.Literal('expired')]),
  createdAt: Type.String({ description: 'ISO 8601' }),
  expiresAt: Type.String({ description: 'ISO 8601' }),
});
export type TokenResource = Static<typeof TokenResource>;

/** Enrolment tokens, the oldest first. */
export const TokenList = Type.Object({ items: Type.Array(TokenResource) });
