import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { coordinatorErrors } from '../../errors.ts';
import { unavailableFaults } from '../../runs/cluster-views.ts';
import { type RunStartResult, startRun } from '../../runs/start-run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { eventStream } from '../event-stream.ts';
import { toPlanSchema } from '../plan-resource.ts';
import { sendProblem } from '../problem-reply.ts';
import { noteTarget } from '../record-calls.ts';
import { requestSignal } from '../request-signal.ts';
import { problems } from '../schemas/problem.ts';
import {
  idempotencyHeaders,
  LogList,
  RunDetail,
  RunEventSchema,
  RunList,
  RunRequest,
  RunResource,
} from '../schemas/run.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['runs'];
const params = Type.Object({ runId: Type.String() });
/** Described by the data of its events; a stream to the type checker. */
const EventStream = Type.Unsafe<Readable>({ ...RunEventSchema });

const schemas = {
  listRuns: {
    operationId: 'listRuns',
    summary: 'Runs, the newest first; of each cluster the last 50 that have ended are kept',
    tags,
    querystring: Type.Object({ cluster: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: RunList, ...problems(400) },
  },
  getRun: {
    operationId: 'getRun',
    summary: 'A run with its plan and steps',
    tags,
    params,
    response: { 200: RunDetail, ...problems(404) },
  },
  getRunLogs: {
    operationId: 'getRunLogs',
    summary: 'What the commands of a run’s steps printed, in order of time',
    tags,
    params,
    querystring: Type.Object({ step: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: LogList, ...problems(400, 404) },
  },
  startRun: {
    operationId: 'startRun',
    summary: 'Start a run of a stored cluster: facts, preflight, plan, then the machines',
    tags,
    params: Type.Object({ name: Type.String() }),
    headers: idempotencyHeaders,
    body: RunRequest,
    response: { 202: RunResource, ...problems(400, 404, 409, 422) },
  },
  watchRun: {
    operationId: 'watchRun',
    summary: 'A run’s events as they happen (server-sent events), from its first or behind Last-Event-ID',
    tags,
    params,
    headers: Type.Object({ 'last-event-id': Type.Optional(Type.Integer({ minimum: 0 })) }),
    response: { 200: { content: { 'text/event-stream': { schema: EventStream } } }, ...problems(400, 404) },
  },
};

/** Runs: starting and watching them. */
export function registerRunRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  registerStart(api, dependencies);
  registerEvents(api, dependencies);
  const { engine } = dependencies;

  api.get('/runs', { schema: schemas.listRuns }, async (request) => ({ items: await engine.list(request.query) }));

  api.get('/runs/:runId', { schema: schemas.getRun }, async (request) => {
    const { run, plan, steps } = await engine.view(request.params.runId);
    return { run, plan: toPlanSchema(plan), steps };
  });

  api.get('/runs/:runId/logs', { schema: schemas.getRunLogs }, async (request) => {
    const { step } = request.query;
    return { items: await engine.logs(request.params.runId, step === undefined ? {} : { stepId: step }) };
  });
}

function registerStart(api: ApiServer, dependencies: ApiDependencies): void {
  const options = {
    config: { auditedMembers: ['workflow', 'targets', 'planHash'] },
    schema: schemas.startRun,
  } as const;
  api.post('/clusters/:name/runs', options, async (request, reply) => {
    const { name } = request.params;
    const idempotencyKey = request.headers['idempotency-key'];
    const wanted = { ...request.body, cluster: name, idempotencyKey };
    const result = await startRun(dependencies, wanted, requestSignal(reply));
    if (!result.started) return sendProblem(reply, preflightFailed(name, result), result.findings);
    noteTarget(request, { runId: result.run.runId });
    return reply.code(202).header('location', `/api/v1/runs/${result.run.runId}`).send(result.run);
  });
}

function registerEvents(api: ApiServer, { engine, clock }: ApiDependencies): void {
  api.get('/runs/:runId/events', { schema: schemas.watchRun }, async (request, reply) => {
    const { runId } = request.params;
    // A run that does not exist is an answer of its own, not a broken stream.
    await engine.view(runId);
    const afterSequence = request.headers['last-event-id'] ?? 0;
    const events = engine.events(runId, { afterSequence, signal: requestSignal(reply) });
    const stream = eventStream(events, { clock });
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
}

function preflightFailed(cluster: string, { findings, unavailable }: Extract<RunStartResult, { started: false }>) {
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const tried = `start a run of ${cluster}`;
  const faults = unavailableFaults(unavailable);
  return coordinatorErrors.create('preflight-failed', { tried, reason: errors.join('; '), faults });
}
