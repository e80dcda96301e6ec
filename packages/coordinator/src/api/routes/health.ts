import type { ApiDependencies } from '../dependencies.ts';
import { problemDocument, problemMediaType } from '../problem-reply.ts';
import { Health, Ready, readinessProblem } from '../schemas/health.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['coordinator'];

const schemas = {
  getHealth: {
    operationId: 'getHealth',
    summary: 'Whether the coordinator lives; it does also while it is not ready',
    security: [],
    tags,
    response: { 200: Health },
  },
  getReadiness: {
    operationId: 'getReadiness',
    summary: 'Whether it can do its work: 503 with the code, since when and what to do while it cannot',
    security: [],
    tags,
    response: { 200: Ready, 503: readinessProblem },
  },
};

/** Whether the coordinator lives and whether it can work, for anyone who asks. */
export function registerHealthRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { engine, readiness, sessions, version } = dependencies;

  api.get('/health', { config: { isPublic: true }, schema: schemas.getHealth }, async () => {
    const standing = engine.problem();
    const details = { version, connectedNodes: sessions.connected().length };
    if (standing === undefined) return { status: 'ok' as const, ...details };
    const { code, title, remedy } = standing.problem;
    return { status: 'degraded' as const, problem: { code, title, remedy, since: standing.since }, ...details };
  });

  api.get('/ready', { config: { isPublic: true }, schema: schemas.getReadiness }, async (_request, reply) => {
    const standing = await readiness.problem();
    if (standing === undefined) return { status: 'ready' as const, version };
    const { since } = standing;
    // The reason may name paths: it is for those who may read the log, not for anyone.
    const reason = `it has been so since ${since}; the log says more`;
    const problem = { ...standing.problem, tried: 'be ready', reason, evidence: [], faults: [] };
    reply.problemCode = problem.code;
    return reply
      .code(503)
      .type(problemMediaType)
      .send({ ...problemDocument(problem, 503), since });
  });
}
