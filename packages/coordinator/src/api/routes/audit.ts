import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import { AuditPageResource } from '../schemas/audit.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const schemas = {
  listAudit: {
    operationId: 'listAudit',
    summary: 'Who asked for what and what became of it, in order; `after` is the last sequence that is known',
    tags: ['audit'],
    querystring: Type.Object(
      { after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })) },
      { additionalProperties: false },
    ),
    response: { 200: AuditPageResource, ...problems(400) },
  },
};

/** The audit trail, to be read: nothing changes it but what is recorded. */
export function registerAuditRoutes(api: ApiServer, { audit }: ApiDependencies): void {
  api.get('/audit', { schema: schemas.listAudit }, async (request) => {
    const { records, head } = await audit.page(request.query.after ?? 0);
    return { items: records, ...(head === undefined ? {} : { head }) };
  });
}
