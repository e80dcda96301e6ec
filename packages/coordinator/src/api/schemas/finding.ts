import { type Static, Type } from 'typebox';

/** What a preflight check found. */
export const Finding = Type.Object({
  check: Type.String({ examples: ['advertise-address'] }),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')], {
    description: 'error: nothing runs. warning: it runs; with fixedBy, the run itself mends it',
  }),
  node: Type.Optional(Type.String()),
  message: Type.String(),
  evidence: Type.Array(Type.String()),
  remedy: Type.String(),
  fixedBy: Type.Optional(
    Type.String({ description: 'The action of the run that mends it', examples: ['disable-swap'] }),
  ),
});
export type Finding = Static<typeof Finding>;
