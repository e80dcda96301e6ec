import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../schemas/problem.ts';
import { RetryRequest, RunResource, SkipRequest } from '../schemas/run.ts';
import type { ApiServer } from '../type-provider.ts';

const params = Type.Object({ runId: Type.String() });
const shared = { tags: ['runs'], params, response: { 202: RunResource, ...problems(400, 404, 409) } };

const schemas = {
  pauseRun: {
    ...shared,
    operationId: 'pauseRun',
    summary: 'Begin no further step; what is under way ends by itself, and the run keeps its cluster',
  },
  resumeRun: { ...shared, operationId: 'resumeRun', summary: 'Go on with a paused run' },
  cancelRun: {
    ...shared,
    operationId: 'cancelRun',
    summary:
      'Begin no further step, and tell those under way to stop: it has ended when their nodes say that they have',
  },
  retryRun: {
    ...shared,
    operationId: 'retryRun',
    summary: 'Have a step that failed or is blocked tried again, or all of them; a run that has ended goes on',
    body: RetryRequest,
  },
  skipStep: {
    ...shared,
    operationId: 'skipStep',
    summary: 'Leave a step out that failed or is blocked: what depends on it may begin',
    params: Type.Object({ runId: Type.String(), stepId: Type.String() }),
    body: SkipRequest,
  },
};

/** What people can do about a run. Every answer is the run as it then is; asking twice is as good as asking once. */
export function registerRunControlRoutes(api: ApiServer, { engine }: ApiDependencies): void {
  api.post('/runs/:runId/pause', { schema: schemas.pauseRun }, async (request, reply) =>
    reply.code(202).send(await engine.pause(request.params.runId)),
  );

  api.post('/runs/:runId/resume', { schema: schemas.resumeRun }, async (request, reply) =>
    reply.code(202).send(await engine.resume(request.params.runId)),
  );

  api.post('/runs/:runId/cancel', { schema: schemas.cancelRun }, async (request, reply) =>
    reply.code(202).send(await engine.cancel(request.params.runId)),
  );

  const retry = { config: { auditedMembers: ['step'] }, schema: schemas.retryRun } as const;
  api.post('/runs/:runId/retry', retry, async (request, reply) =>
    reply.code(202).send(await engine.retry(request.params.runId, request.body.step)),
  );

  api.post('/runs/:runId/steps/:stepId/skip', { schema: schemas.skipStep }, async (request, reply) => {
    const { runId, stepId } = request.params;
    // There is one token: whoever has it is the administrator.
    const run = await engine.skip(runId, stepId, { reason: request.body.reason, by: 'administrator' });
    return reply.code(202).send(run);
  });
}
