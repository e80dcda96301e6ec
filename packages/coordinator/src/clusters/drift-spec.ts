import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** What becomes of what checks find on members. The ids of checks are no part of the schema: `clusterFileRules` knows them. */
export const Drift = Type.Object(
  {
    default: Type.Optional(
      Type.Union([Type.Literal('off'), Type.Literal('report')], {
        default: 'report',
        description: 'Of every check that is not named below: whether what it finds on a member is told',
      }),
    ),
    checks: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.Literal('off'), Type.Literal('report'), Type.Literal('repair')]), {
        description:
          'By the id of a preflight check. repair: a run mends what it finds on a member, where an action can; mending docker-configuration restarts Docker',
        examples: [{ swap: 'repair', sysctl: 'repair', 'clock-skew': 'off' }],
      }),
    ),
  },
  strict,
);
