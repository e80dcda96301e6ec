import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** What becomes of the firewalls of the machines. None is ever installed, started or stopped. */
export const Firewall = Type.Object(
  {
    mode: Type.Union([Type.Literal('manage'), Type.Literal('leave')], {
      default: 'leave',
      description:
        'manage: where firewalld or ufw runs, it lets in what other nodes need, from their addresses alone, and what pods send. leave: nothing is changed, and what was opened before stays',
    }),
    apiServerFrom: Type.Optional(
      Type.Array(Type.String({ examples: ['10.0.0.0/24'], pattern: '^[0-9.]+(/[0-9]{1,2})?$' }), {
        description:
          'Addresses and networks that reach the API servers beside the nodes and pods: of a load balancer, and of people',
      }),
    ),
  },
  strict,
);
