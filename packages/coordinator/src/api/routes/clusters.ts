import { Type } from 'typebox';
import { ClusterDocument } from '../../clusters/cluster-spec.ts';
import { clusterFileRules } from '../../drift/cluster-file-rules.ts';
import { coordinatorErrors } from '../../errors.ts';
import { seeControlPlane } from '../../runs/see-control-plane.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { noteDamage } from '../note-damage.ts';
import { noteTarget } from '../record-calls.ts';
import { requestSignal } from '../request-signal.ts';
import { AppliedClusterResource, ClusterList, ClusterResource, clusterFileTypes } from '../schemas/cluster.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';
import { createValidator } from '../validation.ts';

const tags = ['clusters'];
const params = Type.Object({ name: Type.String() });
const validatorCompiler = createValidator(clusterFileRules);

const schemas = {
  applyCluster: {
    operationId: 'applyCluster',
    summary: 'Make the stored cluster what the cluster file says (YAML or JSON)',
    tags,
    params,
    consumes: clusterFileTypes,
    body: ClusterDocument,
    response: { 200: AppliedClusterResource, 201: AppliedClusterResource, ...problems(400, 409) },
  },
  createCluster: {
    operationId: 'createCluster',
    summary: 'Store a cluster file under a new name (YAML or JSON)',
    tags,
    consumes: clusterFileTypes,
    body: ClusterDocument,
    response: { 201: AppliedClusterResource, ...problems(400, 409) },
  },
  listClusters: { operationId: 'listClusters', summary: 'All clusters, by name', tags, response: { 200: ClusterList } },
  getCluster: {
    operationId: 'getCluster',
    summary: 'One cluster',
    tags,
    params,
    response: { 200: ClusterResource, ...problems(404) },
  },
  deleteCluster: {
    operationId: 'deleteCluster',
    summary: 'Forget a cluster; its machines stay as they are',
    tags,
    params,
    response: { 204: Type.Null(), ...problems(404, 409) },
  },
};

/** Specifications of clusters. Storing one changes no machine: a run does. */
export function registerClusterRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { clusters } = dependencies;
  api.put(
    '/clusters/:name',
    {
      validatorCompiler,
      schema: schemas.applyCluster,
    },
    async (request, reply) => {
      requireSameName(request.params.name, request.body.metadata.name);
      const seen = await seeControlPlane(dependencies, request.body.spec, requestSignal(reply));
      const { change, cluster } = await clusters.apply(request.body, seen);
      noteTarget(request, { change, generation: String(cluster.generation) });
      return reply.code(change === 'created' ? 201 : 200).send({ change, ...cluster });
    },
  );

  api.post(
    '/clusters',
    {
      config: { auditedMembers: ['metadata.name'] },
      validatorCompiler,
      schema: schemas.createCluster,
    },
    async (request, reply) => {
      const seen = await seeControlPlane(dependencies, request.body.spec, requestSignal(reply));
      const { change, cluster } = await clusters.create(request.body, seen);
      const location = `/api/v1/clusters/${cluster.name}`;
      return reply
        .code(201)
        .header('location', location)
        .send({ change, ...cluster });
    },
  );

  api.get('/clusters', { schema: schemas.listClusters }, async () => {
    const { clusters: items, damaged } = await clusters.survey();
    return { items, ...(damaged.length === 0 ? {} : { damaged }) };
  });

  api.get('/clusters/:name', { schema: schemas.getCluster }, async (request) => {
    const cluster = await clusters.get(request.params.name);
    if (cluster === undefined) throw notFound('cluster', request.params.name);
    return cluster;
  });

  api.delete('/clusters/:name', { schema: schemas.deleteCluster }, async (request, reply) => {
    const { name } = request.params;
    await noteDamage(request, clusters.get(name));
    if (!(await clusters.remove(name))) throw notFound('cluster', name);
    return reply.code(204).send(null);
  });
}

function requireSameName(inPath: string, inDocument: string): void {
  if (inPath === inDocument) return;
  const message = `${inDocument} is not the name in the request’s path, ${inPath}`;
  throw coordinatorErrors.create('input-invalid', {
    tried: `store the cluster ${inPath}`,
    reason: 'the request names two clusters',
    faults: [{ path: 'metadata.name', message }],
  });
}
