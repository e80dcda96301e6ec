import { Type } from 'typebox';
import type { FindingRecord } from '../../drift/finding-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { problems } from '../schemas/problem.ts';
import { type StandingFinding, StandingFindingList } from '../schemas/standing-finding.ts';
import type { ApiServer } from '../type-provider.ts';

const schema = {
  operationId: 'listFindings',
  summary: 'What on the members of a cluster is not as it has to be, and since when',
  tags: ['clusters'],
  params: Type.Object({ name: Type.String() }),
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

/** Findings for life. Asking is no check: the members are looked at when something changes, and once an hour. */
export function registerFindingRoutes(api: ApiServer, { clusters, drift }: ApiDependencies): void {
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
}

function toResource({ evidence, repairs, ...finding }: FindingRecord): StandingFinding {
  return { ...finding, evidence: [...evidence], repairs: repairs.map((each) => ({ ...each })) };
}
