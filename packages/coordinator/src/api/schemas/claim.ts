import { Facts } from '@drover/proto';
import { type Static, Type } from 'typebox';
import { nodeName } from './node-name.ts';

const instant = Type.String({ description: 'ISO 8601' });

const EvidenceSchema = Type.Object({
  class: Type.Union([Type.Literal('A'), Type.Literal('B'), Type.Literal('C'), Type.Literal('B-'), Type.Literal('D')], {
    description:
      'A: a TPM. B: a secret that its provisioner gives to this machine alone. C: a person’s word. B-: a key that is part of an image. D: what the machine says of itself, which authorises nothing',
  }),
  kind: Type.String({ description: 'In words' }),
  value: Type.Optional(Type.String({ description: 'Never a secret' })),
  accepted: Type.Boolean({ description: 'Whether it counts for the claim' }),
  reason: Type.String({ description: 'Why it does or does not' }),
});

const Account = Type.Object(
  {
    hostname: Type.String(),
    machineId: Type.String(),
    bootId: Type.String(),
    holdsClusterState: Type.Boolean({ description: 'Whether its disk holds the state of a cluster’s member' }),
    hardware: Type.Object({
      productUuid: Type.Optional(Type.String()),
      boardSerial: Type.Optional(Type.String()),
      macs: Type.Array(Type.String()),
    }),
  },
  { description: 'What the machine says of itself; absent where it could not look' },
);

/** A machine that says it is one of the nodes, with a key that is not the node's. */
export const ClaimResource = Type.Object({
  claimId: Type.String(),
  node: Type.Optional(Type.String({ description: 'The node that it is about; absent when none was found' })),
  nodeId: Type.Optional(Type.String()),
  verdict: Type.Union(
    [
      Type.Literal('reboot'),
      Type.Literal('new'),
      Type.Literal('reimage'),
      Type.Literal('clone'),
      Type.Literal('revert'),
      Type.Literal('removed'),
      Type.Literal('partial-wipe'),
    ],
    { description: 'What the machine is taken for' },
  ),
  state: Type.Union(
    [
      Type.Literal('pending'),
      Type.Literal('approved'),
      Type.Literal('admitted'),
      Type.Literal('rejected'),
      Type.Literal('quarantined'),
    ],
    {
      description:
        'pending for a person or for a gate; approved by a person, and its machine has not come for it yet; admitted as an incarnation; rejected by a person; quarantined until a person has looked',
    },
  ),
  reason: Type.String({ description: 'What it waits for, or why it ended as it did: a clause' }),
  evidence: Type.Array(EvidenceSchema, { description: 'The weighty first' }),
  account: Type.Optional(Account),
  keyHash: Type.String({ description: 'SHA-256 of the machine’s public key' }),
  from: Type.String({ description: 'The address that it was last made from' }),
  firstAt: instant,
  lastAt: instant,
  decision: Type.Optional(Type.Object({ by: Type.String(), at: instant }, { description: 'What a person decided' })),
  admitted: Type.Optional(
    Type.Object(
      { incarnation: Type.Integer(), at: instant, byItself: Type.Boolean({ description: 'Without a person' }) },
      { description: 'What it became' },
    ),
  ),
});
export type ClaimResource = Static<typeof ClaimResource>;

/** Claims, the latest first. */
export const ClaimList = Type.Object({ items: Type.Array(ClaimResource) });

/** Lets the machine of a claim in. */
export const ApprovalRequest = Type.Object(
  {
    node: Type.Optional(
      nodeName('The new node that the machine is to be; only for a claim that names no node, and needed there'),
    ),
  },
  { additionalProperties: false },
);

/** Opens a time in which a node may be installed anew without anyone approving it then. */
export const RebuildWindowRequest = Type.Object(
  {
    ttlMs: Type.Optional(
      Type.Integer({ description: 'How long it is open', minimum: 60_000, maximum: 86_400_000, default: 3_600_000 }),
    ),
  },
  { additionalProperties: false },
);

/** A time in which a node may be installed anew without anyone approving it then: for one return. */
export const RebuildWindowResource = Type.Object({
  node: Type.String(),
  by: Type.String({ description: 'Who opened it' }),
  openedAt: instant,
  expiresAt: instant,
});

/** What the machine of a claim observes of itself. */
export const ClaimFactsResource = Type.Object({
  claimId: Type.String(),
  gatheredAt: Type.String({ description: 'ISO 8601, on the coordinator’s clock' }),
  facts: Facts,
});
