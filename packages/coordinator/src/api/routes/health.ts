import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiServer } from '../type-provider.ts';

const Health = Type.Object({
  status: Type.Literal('ok'),
  version: Type.String(),
  connectedNodes: Type.Integer(),
});

const schemas = {
  getHealth: {
    operationId: 'getHealth',
    summary: 'Whether the coordinator lives',
    tags: ['coordinator'],
    response: { 200: Health },
  },
};

/** Whether the coordinator lives, for anyone who asks. */
export function registerHealthRoutes(api: ApiServer, { sessions, version }: ApiDependencies): void {
  api.get(
    '/health',
    {
      config: { isPublic: true },
      schema: schemas.getHealth,
    },
    async () => ({ status: 'ok' as const, version, connectedNodes: sessions.connected().length }),
  );
}
