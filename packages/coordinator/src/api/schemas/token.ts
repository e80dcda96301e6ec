import { type Static, Type } from 'typebox';
import { nodeName } from './node-name.ts';

const TokenUse = Type.Union([Type.Literal('once'), Type.Literal('machine')], {
  description:
    'once: lets one machine in. machine: the credential of the node’s own machine, which its provisioner gives to it at each image',
  default: 'once',
});

const Expiry = Type.Optional(
  Type.String({ description: 'ISO 8601; a machine’s credential has none: it is good until it is deleted' }),
);

/** Asks for an enrolment token. */
export const TokenRequest = Type.Object(
  {
    node: nodeName('The node’s name in cluster files; a name that is new makes the node'),
    use: Type.Optional(TokenUse),
    ttlMs: Type.Optional(
      Type.Integer({
        // Not a default of the schema, which would be given to a machine's credential too.
        description: 'How long it can be used, by default 3600000; a machine’s credential has no end',
        minimum: 60_000,
        maximum: 604_800_000,
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
  use: TokenUse,
  expiresAt: Expiry,
});

/** An enrolment token as it is listed: everything but the token. */
export const TokenResource = Type.Object({
  tokenId: Type.String(),
  node: Type.String(),
  state: Type.Union([Type.Literal('issued'), Type.Literal('reserved'), Type.Literal('used'), Type.Literal('expired')]),
  use: TokenUse,
  createdAt: Type.String({ description: 'ISO 8601' }),
  expiresAt: Expiry,
});
export type TokenResource = Static<typeof TokenResource>;

/** Enrolment tokens, the oldest first. */
export const TokenList = Type.Object({ items: Type.Array(TokenResource) });
