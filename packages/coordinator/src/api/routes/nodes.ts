import { Type } from 'typebox';
import { coordinatorErrors } from '../../errors.ts';
import type { NodeRecord } from '../../inventory/node-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { clustersOf, nodePresenter } from '../node-resource.ts';
import { notFound } from '../not-found.ts';
import { noteDamage } from '../note-damage.ts';
import { requestSignal } from '../request-signal.ts';
import { FactsResource, NodeList, NodeResource } from '../schemas/node.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['nodes'];
const params = Type.Object({ name: Type.String() });

const schemas = {
  listNodes: { operationId: 'listNodes', summary: 'All nodes, by name', tags, response: { 200: NodeList } },
  getNode: {
    operationId: 'getNode',
    summary: 'One node',
    tags,
    params,
    response: { 200: NodeResource, ...problems(404) },
  },
  getNodeFacts: {
    operationId: 'getNodeFacts',
    summary: 'What the node’s agent observes: now when it is connected, else the last that is known',
    tags,
    params,
    response: { 200: FactsResource, ...problems(404, 409) },
  },
  retryRejoin: {
    operationId: 'retryRejoin',
    summary: 'Have the rejoin of a node tried again that is blocked, with a new plan',
    tags,
    params,
    response: { 202: NodeResource, ...problems(404, 409) },
  },
  deleteNode: {
    operationId: 'deleteNode',
    summary: 'Forget a node that no stored cluster names and no run has; its agent is refused from then on',
    tags,
    params,
    response: { 204: Type.Null(), ...problems(404, 409) },
  },
};

/** Machines that have enrolled, or are awaited. */
export function registerNodeRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { nodes, damagedNodes, sessions, facts, factsGatherer, clusters, rejoins } = dependencies;
  const find = async (name: string): Promise<NodeRecord> => {
    const record = await nodes.findByName(name);
    if (record === undefined) throw notFound('node', name);
    return record;
  };

  api.get('/nodes', { schema: schemas.listNodes }, async () => {
    const [records, damaged, present] = await Promise.all([
      nodes.list(),
      damagedNodes.list(),
      nodePresenter(dependencies),
    ]);
    return { items: records.map(present), ...(damaged.length === 0 ? {} : { damaged }) };
  });

  api.get('/nodes/:name', { schema: schemas.getNode }, async (request) => {
    const record = await find(request.params.name);
    return (await nodePresenter(dependencies))(record);
  });

  api.get('/nodes/:name/facts', { schema: schemas.getNodeFacts }, async (request, reply) => {
    const { nodeId, name, incarnation } = await find(request.params.name);
    if (incarnation === 0) {
      const reason = `${name} has never enrolled`;
      throw coordinatorErrors.create('node-not-enrolled', { tried: 'get facts', node: name, reason });
    }
    const fresh = sessions.find(nodeId) !== undefined;
    const record = fresh ? await factsGatherer.gather(nodeId, requestSignal(reply)) : await facts.last(nodeId);
    if (record === undefined) {
      const reason = `${name} is not connected, and its facts were never gathered`;
      throw coordinatorErrors.create('node-not-connected', { tried: 'get facts', node: name, reason });
    }
    return { node: name, gatheredAt: record.gatheredAt, fresh, clockSkewMs: record.clockSkewMs, facts: record.facts };
  });

  api.post('/nodes/:name/rejoin/retry', { schema: schemas.retryRejoin }, async (request, reply) => {
    const record = await find(request.params.name);
    await rejoins.retry(record.nodeId);
    return reply.code(202).send((await nodePresenter(dependencies))(record));
  });

  api.delete('/nodes/:name', { schema: schemas.deleteNode }, async (request, reply) => {
    const { name } = request.params;
    if (await noteDamage(request, find(name))) {
      // Also one that a cluster names: with this record no run of that cluster can do anything.
      if (!(await damagedNodes.remove(name))) throw notFound('node', name);
      return reply.code(204).send(null);
    }
    const { nodeId } = await find(name);
    const owners = clustersOf(name, await clusters.list());
    if (owners.length > 0) {
      const reason = `${owners.join(', ')} ${owners.length === 1 ? 'names' : 'name'} it`;
      throw coordinatorErrors.create('node-in-use', { tried: 'delete a node', node: name, reason });
    }
    if (!(await nodes.remove(nodeId))) throw notFound('node', name);
    return reply.code(204).send(null);
  });
}
