import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiServer } from '../type-provider.ts';

const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')], {
    description: 'degraded: runs do not go on at the moment, see problem',
  }),
  problem: Type.Optional(
    Type.Object(
      {
        code: Type.String(),
        title: Type.String(),
        remedy: Type.String(),
        since: Type.String({ description: 'ISO 8601' }),
      },
      { description: 'The oldest there is; the log and the error reference say more' },
    ),
  ),
  version: Type.String(),
  connectedNodes: Type.Integer(),
});

const schemas = {
  getHealth: {
    operationId: 'getHealth',
    summary: 'Whether the coordinator lives',
    security: [],
    tags: ['coordinator'],
    response: { 200: Health },
  },
};

/** Whether the coordinator lives, for anyone who asks. */
export function registerHealthRoutes(api: ApiServer, { engine, sessions, version }: ApiDependencies): void {
  api.get('/health', { config: { isPublic: true }, schema: schemas.getHealth }, async () => {
    const standing = engine.problem();
    const details = { version, connectedNodes: sessions.connected().length };
    if (standing === undefined) return { status: 'ok' as const, ...details };
    // The reason may name paths: it is for those who may read the log, not for anyone.
    const { code, title, remedy } = standing.problem;
    return { status: 'degraded' as const, problem: { code, title, remedy, since: standing.since }, ...details };
  });
}
