import { Type } from 'typebox';
import { coordinatorErrors } from '../../errors.ts';
import { startRemoval } from '../../rejoin/start-removal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { clustersOf } from '../node-resource.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import { requestSignal } from '../request-signal.ts';
import { NodeRemovalRequest } from '../schemas/node.ts';
import { problems } from '../schemas/problem.ts';
import { idempotencyHeaders, RunResource } from '../schemas/run.ts';
import type { ApiServer } from '../type-provider.ts';

const schema = {
  operationId: 'removeNode',
  summary: 'Start a run that takes a node out of its cluster: drained, out of etcd, reset; it stays enrolled',
  tags: ['nodes'],
  params: Type.Object({ name: Type.String() }),
  headers: idempotencyHeaders,
  body: NodeRemovalRequest,
  response: { 202: RunResource, ...problems(400, 404, 409, 422, 502) },
};

/** How nodes leave their clusters. */
export function registerNodeRemovalRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { nodes, clusters } = dependencies;
  api.post('/nodes/:name/remove', { schema }, async (request, reply) => {
    const { name } = request.params;
    const { dead: isDead = false, deleteUnmanagedPods = false } = request.body;
    if ((await nodes.findByName(name)) === undefined) throw notFound('node', name);
    const [cluster] = clustersOf(name, await clusters.list());
    if (cluster === undefined) throw memberOfNone(name);
    const idempotencyKey = request.headers['idempotency-key'];
    const removal = { cluster, node: name, isDead, deleteUnmanagedPods, idempotencyKey };
    const run = await startRemoval(dependencies, removal, requestSignal(reply));
    noteTarget(request, { runId: run.runId, ...(isDead ? { dead: 'true' } : {}) });
    return reply.code(202).header('location', `/api/v1/runs/${run.runId}`).send(run);
  });
}

function memberOfNone(node: string): Error {
  return coordinatorErrors.create('not-found', {
    tried: 'take a node out of its cluster',
    node,
    reason: 'no stored cluster names it',
    remedy: 'Forget the node with `drover delete node NODE`.',
  });
}
