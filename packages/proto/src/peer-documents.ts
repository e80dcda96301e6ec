import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const protocol = Type.Union([Type.Literal('tcp'), Type.Literal('udp')]);
const port = Type.Integer({ minimum: 1, maximum: 65_535 });
const latencyMs = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);

/** The answer of `listen-for-peers`, given when it ends: where it listened. */
export const PeerListeners = Type.Object(
  {
    listeners: Type.Array(
      Type.Object(
        {
          protocol,
          port,
          state: Type.Union([Type.Literal('open'), Type.Literal('taken'), Type.Literal('failed')], {
            description: 'taken: somebody else listens there, and stays',
          }),
          reason: Type.String({ description: 'Empty where it is open' }),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type PeerListeners = Static<typeof PeerListeners>;

/** How trying a port of another machine ended. */
export const PeerOutcome = Type.Union(
  [
    Type.Literal('answered', { description: 'By a listener of the survey' }),
    Type.Literal('other', { description: 'By somebody else' }),
    Type.Literal('refused'),
    Type.Literal('unreachable', { description: 'The network, or this machine’s own rules, say so' }),
    Type.Literal('dropped', { description: 'No answer in time' }),
  ],
  { description: 'answered (by a listener of the survey), other, refused, unreachable or dropped' },
);
export type PeerOutcome = Static<typeof PeerOutcome>;

/** The answer of `probe-peers`, in the order of its targets. */
export const PeerProbes = Type.Object(
  {
    peers: Type.Array(
      Type.Object(
        {
          address: Type.String(),
          ports: Type.Array(
            Type.Object(
              {
                protocol,
                port,
                outcome: PeerOutcome,
                latencyMs,
                answeredBy: Type.Union([Type.String(), Type.Null()], { description: 'The node’s name' }),
                reason: Type.String({ description: 'Empty where it was answered' }),
              },
              strict,
            ),
          ),
          path: Type.Union([
            Type.Object(
              {
                interfaceMtuBytes: Type.Union([Type.Integer(), Type.Null()]),
                mtuBytes: Type.Union([Type.Integer(), Type.Null()], { description: 'null: not measured' }),
                isTold: Type.Boolean({ description: 'A router tells senders of larger packets' }),
                reason: Type.String({ description: 'Why it was not measured' }),
              },
              strict,
            ),
            Type.Null(),
          ]),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type PeerProbes = Static<typeof PeerProbes>;
