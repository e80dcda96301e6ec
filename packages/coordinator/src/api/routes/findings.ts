import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { FindingRecord } from '../../drift/finding-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { eventStream } from '../event-stream.ts';
import { notFound } from '../not-found.ts';
import { requestSignal } from '../request-signal.ts';
import { problems } from '../schemas/problem.ts';
import { FindingEventSchema, type StandingFinding, StandingFindingList } from '../schemas/standing-finding.ts';
import type { ApiServer } from '../type-provider.ts';

/** Each connection begins with all that is told. */
const EventStream = Type.Unsafe<Readable>({ ...FindingEventSchema });
const params = Type.Object({ name: Type.String() });

const schema = {
  operationId: 'listFindings',
  summary: 'What on the members of a cluster is not as it has to be, and since when',
  tags: ['clusters'],
  params,
  querystring: Type.Object(
    {
      node: Type.Optional(Type.String({ description: 'Of this node alone' })),
      state: Type.Optional(
        Type.Union([Type.Literal('standing'), Type.Literal('all')], {
          description: 'all: also what is over since less than a day. Default: standing',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: { 200: StandingFindingList, ...problems(400, 404) },
};

const eventsSchema = {
  operationId: 'watchFindings',
  summary: 'The findings of a cluster, and then each change of one as it happens (server-sent events)',
  tags: ['clusters'],
  params,
  response: {
    200: { content: { 'text/event-stream': { schema: EventStream } } },
    ...problems(404),
  },
};

/** Findings for life. Asking is no check: the members are looked at when something changes, and once an hour. */
export function registerFindingRoutes(api: ApiServer, { clusters, drift, clock }: ApiDependencies): void {
  api.get('/clusters/:name/findings', { schema }, async (request) => {
    const { name } = request.params;
    const { node, state = 'standing' } = request.query;
    if ((await clusters.get(name)) === undefined) throw notFound('cluster', name);
    const found = (await drift.findings(name)).filter(
      (finding) =>
        (node === undefined || finding.node === node) && (state === 'all' || finding.resolvedAt === undefined),
    );
    return { items: found.map(toResource) };
  });

  api.get('/clusters/:name/findings/events', { schema: eventsSchema }, async (request, reply) => {
    const { name } = request.params;
    if ((await clusters.get(name)) === undefined) throw notFound('cluster', name);
    const stream = eventStream(drift.events(name, requestSignal(reply)), { clock });
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
}

function toResource({ evidence, repairs, ...finding }: FindingRecord): StandingFinding {
  return { ...finding, evidence: [...evidence], repairs: repairs.map((each) => ({ ...each })) };
}
