import { type Static, Type } from 'typebox';

/** What a preflight check found. */
export const Finding = Type.Object({
  check: Type.String({ examples: ['advertise-address'] }),
  rule: Type.Optional(Type.String({ description: 'Which rule of the check is broken', examples: ['absent'] })),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')], {
    description:
      'error: nothing runs. warning: it runs; with fixedBy, the run itself mends it. info: nothing is asked for',
  }),
  node: Type.Optional(Type.String()),
  message: Type.String(),
  evidence: Type.Array(Type.String()),
  remedy: Type.String(),
  fixedBy: Type.Optional(
    Type.String({ description: 'The action of the run that mends it', examples: ['disable-swap'] }),
  ),
  undetermined: Type.Optional(
    Type.Literal(true, { description: 'The check could not be made: nothing is known to be wrong, nor to be right' }),
  ),
});
export type Finding = Static<typeof Finding>;
