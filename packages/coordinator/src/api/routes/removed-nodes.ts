import { Type } from 'typebox';
import type { RemovedNode } from '../../inventory/node-record.ts';
import { rejoinDue } from '../../rejoin/rejoin-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nodePresenter } from '../node-resource.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import { NodeResource, RemovedNodeList, type RemovedNodeResource } from '../schemas/node.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const shared = { tags: ['nodes'], params: Type.Object({ nodeId: Type.String() }) };

const schemas = {
  listRemovedNodes: {
    operationId: 'listRemovedNodes',
    summary: 'Nodes that were removed, by name: their machines are refused by whatever they show',
    tags: shared.tags,
    response: { 200: RemovedNodeList },
  },
  readmitNode: {
    ...shared,
    operationId: 'readmitNode',
    summary: 'Take a removed node back as what it was; it becomes a member again once its machine is connected',
    response: { 200: NodeResource, ...problems(404, 409) },
  },
  forgetNode: {
    ...shared,
    operationId: 'forgetNode',
    summary: 'Forget that a removed node ever was: its machine is then a new one',
    response: { 204: Type.Null(), ...problems(404) },
  },
};

/** Nodes that were removed, by their ids: of one name there may be several. */
export function registerRemovedNodeRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { nodes, clock } = dependencies;

  api.get('/removed-nodes', { schema: schemas.listRemovedNodes }, async () => ({
    items: (await nodes.listRemoved()).map(toResource),
  }));

  api.post('/removed-nodes/:nodeId/readmit', { schema: schemas.readmitNode }, async (request) => {
    const { nodeId } = request.params;
    const at = new Date(clock.now()).toISOString();
    await nodes.readmit(nodeId, ({ name, incarnation }) => [
      rejoinDue({ nodeId, nodeName: name, incarnation, cause: 'readmission' }, at),
    ]);
    // Also of one that was readmitted before: asking twice is as good as asking once.
    const node = await nodes.get(nodeId);
    if (node === undefined) throw notFound('removed node', nodeId);
    noteTarget(request, { node: node.name });
    return (await nodePresenter(dependencies))(node);
  });

  api.delete('/removed-nodes/:nodeId', { schema: schemas.forgetNode }, async (request, reply) => {
    const { nodeId } = request.params;
    if (!(await nodes.forget(nodeId))) throw notFound('removed node', nodeId);
    return reply.code(204).send(null);
  });
}

function toResource({ nodeId, name, incarnation, removedAt }: RemovedNode): RemovedNodeResource {
  return { nodeId, name, incarnation, removedAt };
}
