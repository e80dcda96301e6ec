import { type Static, type TInteger, type TNumber, Type } from 'typebox';
import { Finding } from './finding.ts';

const nullable = <Schema extends TNumber | TInteger>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const latency = nullable(Type.Number(), 'Of a round trip; null where nothing came back');

const Port = Type.Object({
  protocol: Type.Union([Type.Literal('tcp'), Type.Literal('udp')]),
  port: Type.Integer(),
  purpose: Type.Union(
    [Type.Literal('api-server'), Type.Literal('etcd'), Type.Literal('kubelet'), Type.Literal('pod-network')],
    { description: 'Why it has to be reached: api-server, etcd, kubelet or pod-network' },
  ),
  state: Type.Union(
    [
      Type.Literal('reached'),
      Type.Literal('in-use'),
      Type.Literal('other-node'),
      Type.Literal('other'),
      Type.Literal('refused'),
      Type.Literal('unreachable'),
      Type.Literal('dropped'),
      Type.Literal('unmeasured'),
    ],
    {
      description:
        'reached: the node answered. in-use: the service that has the port took the connection. other-node, other: somebody else answered. refused, unreachable (the network says so), dropped (nothing came back): it is not reached. unmeasured: nothing is known',
    },
  ),
  latencyMs: latency,
  answeredBy: Type.Union([Type.String(), Type.Null()], { description: 'The node that answered' }),
  reason: Type.String({ description: 'In the words of the machine that tried; may be empty' }),
});

const Link = Type.Object({
  from: Type.String(),
  to: Type.String(),
  address: Type.String({ description: 'Where `to` was looked for' }),
  latencyMs: latency,
  mtuBytes: nullable(Type.Integer(), 'The largest packet that arrived; null where it was not measured'),
  interfaceMtuBytes: nullable(Type.Integer(), 'What the interface sends at most'),
  isMtuTold: Type.Boolean({ description: 'Senders of larger packets are told, and adapt' }),
  ports: Type.Array(Port),
});

/** How the nodes of a cluster reached each other. */
export const ReachabilityResource = Type.Object({
  cluster: Type.String(),
  surveyedAt: Type.String({ description: 'ISO 8601' }),
  durationMs: Type.Integer(),
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      address: Type.String(),
      firewalls: Type.Array(Type.Union([Type.Literal('firewalld'), Type.Literal('ufw')]), {
        description: 'Those that run on it',
      }),
    }),
    { description: 'Those that took part' },
  ),
  unsurveyed: Type.Array(Type.Object({ node: Type.String(), reason: Type.String() }), {
    description: 'Those that did not, or not wholly',
  }),
  links: Type.Array(Link, { description: 'Each way on which something is needed' }),
  findings: Type.Array(Finding, { description: 'What is wrong, and what to do about it' }),
});
export type ReachabilityResource = Static<typeof ReachabilityResource>;
