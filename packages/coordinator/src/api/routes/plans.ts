import { type Static, Type } from 'typebox';
import { ClusterDocument } from '../../clusters/cluster-spec.ts';
import { clusterFileRules } from '../../drift/cluster-file-rules.ts';
import type { ClusterRequest } from '../../preflight/check.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { toPlanResource } from '../plan-resource.ts';
import { requestSignal } from '../request-signal.ts';
import { clusterFileTypes } from '../schemas/cluster.ts';
import { PlanResource } from '../schemas/plan.ts';
import { problems } from '../schemas/problem.ts';
import { WorkflowNames } from '../schemas/run.ts';
import type { ApiServer } from '../type-provider.ts';
import { createValidator } from '../validation.ts';

const tags = ['plans'];
const querystring = Type.Object(
  {
    workflow: Type.Optional(WorkflowNames),
    node: Type.Optional(
      Type.Array(Type.String(), { description: 'A node to work upon, as often as needed; all of them by default' }),
    ),
    commands: Type.Optional(
      Type.Boolean({ description: 'Each step that would change something also tells what a person would type for it' }),
    ),
    hash: Type.Optional(
      Type.String({ description: 'Of a plan that was read: 409 when it is another by now, with what is different' }),
    ),
  },
  { additionalProperties: false },
);
type PlanQuery = Static<typeof querystring>;

const schemas = {
  planDocument: {
    operationId: 'planDocument',
    summary: 'What a run of this cluster file would do, stored or not (YAML or JSON)',
    tags,
    querystring,
    consumes: clusterFileTypes,
    body: ClusterDocument,
    response: { 200: PlanResource, ...problems(400, 409) },
  },
  planCluster: {
    operationId: 'planCluster',
    summary: 'What a run of the stored cluster would do',
    tags,
    params: Type.Object({ name: Type.String() }),
    querystring,
    response: { 200: PlanResource, ...problems(404, 409) },
  },
};

/** Dry runs: what a run would find and change. Nothing is changed or stored. */
export function registerPlanRoutes(api: ApiServer, { clusters, planner, workflows }: ApiDependencies): void {
  const plan = async (cluster: ClusterRequest, query: PlanQuery, signal: AbortSignal) => {
    const { workflow = 'bring-up-cluster', node: targets, hash, commands = false } = query;
    const request = { ...cluster, ...(targets === undefined ? {} : { targets }) };
    const preview = await planner.preview(request, workflows[workflow], signal, hash);
    const byHand = commands ? await planner.explain(preview, signal) : undefined;
    return toPlanResource(cluster.name, workflow, preview, byHand);
  };

  api.post(
    '/plan',
    {
      config: { changesNothing: true },
      validatorCompiler: createValidator(clusterFileRules),
      schema: schemas.planDocument,
    },
    async (request, reply) => {
      const { metadata, spec } = request.body;
      return plan({ name: metadata.name, spec }, request.query, requestSignal(reply));
    },
  );

  api.post(
    '/clusters/:name/plan',
    { config: { changesNothing: true }, schema: schemas.planCluster },
    async (request, reply) => {
      const cluster = await clusters.get(request.params.name);
      if (cluster === undefined) throw notFound('cluster', request.params.name);
      return plan(cluster, request.query, requestSignal(reply));
    },
  );
}
