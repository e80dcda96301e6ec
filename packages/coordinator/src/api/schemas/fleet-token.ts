import { type Static, Type } from 'typebox';
import { nodeName } from './node-name.ts';

const FleetRuleSchema = Type.Union(
  [
    Type.Object(
      {
        node: nodeName('The new node that the machine is to be'),
        hardware: Type.String({
          description: 'Its SMBIOS uuid, board serial or a network card',
          minLength: 1,
          maxLength: 100,
        }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        hostname: Type.String({
          description: 'A machine whose hostname fits is to be the new node of that name; * stands for any characters',
          pattern: '^[a-z0-9*]([-a-z0-9.*]{0,61}[a-z0-9*])?$',
          examples: ['worker-*'],
        }),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'Whom a person lets in beforehand; those about hardware count first' },
);

const rules = Type.Array(FleetRuleSchema, {
  description: 'A machine that fits none waits for a person',
  maxItems: 1000,
});

/** Asks for a token that is to be part of an image. */
export const FleetTokenRequest = Type.Object(
  {
    rules: Type.Optional(rules),
    atMost: Type.Optional(
      Type.Integer({ description: 'So many machines are let in by rules', minimum: 0, maximum: 10_000, default: 100 }),
    ),
    ttlMs: Type.Optional(
      Type.Integer({ minimum: 60_000, maximum: 31_536_000_000, default: 2_592_000_000, description: 'Its time' }),
    ),
  },
  { additionalProperties: false },
);

const members = {
  tokenId: Type.String(),
  state: Type.Union([Type.Literal('issued'), Type.Literal('expired')], {
    description: 'An expired one is worthless, and is forgotten after 30 days when the next one is made',
  }),
  rules,
  atMost: Type.Integer(),
  letIn: Type.Integer({ description: 'So many machines were let in by rules' }),
  createdAt: Type.String({ description: 'ISO 8601' }),
  expiresAt: Type.String({ description: 'ISO 8601' }),
};

/** A fleet token as it is listed: everything but the token. */
export const FleetTokenResource = Type.Object(members);
export type FleetTokenResource = Static<typeof FleetTokenResource>;

/** The one answer that contains it. */
export const CreatedFleetToken = Type.Object({
  ...members,
  token: Type.String({ description: 'Shown this once; goes into the image as /etc/drover/enrollment-token' }),
});

/** Fleet tokens, the oldest first. */
export const FleetTokenList = Type.Object({ items: Type.Array(FleetTokenResource) });
