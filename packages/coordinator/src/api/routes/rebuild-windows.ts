import type { DroverError } from '@drover/core';
import { Type } from 'typebox';
import { coordinatorErrors } from '../../errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { toOpenWindow } from '../node-resource.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import { RebuildWindowRequest, RebuildWindowResource } from '../schemas/claim.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const shared = { tags: ['nodes'], params: Type.Object({ name: Type.String() }) };

const schemas = {
  openRebuildWindow: {
    ...shared,
    operationId: 'openRebuildWindow',
    summary: 'Let the node’s machine be installed anew: for one return, without anyone approving it then',
    body: RebuildWindowRequest,
    response: { 200: RebuildWindowResource, ...problems(400, 404) },
  },
  closeRebuildWindow: {
    ...shared,
    operationId: 'closeRebuildWindow',
    summary: 'Close the window that is open',
    response: { 204: Type.Null(), ...problems(404) },
  },
};

/** Times in which a node may be installed anew. */
export function registerRebuildWindowRoutes(api: ApiServer, { claims, nodes }: ApiDependencies): void {
  const findNodeId = async (name: string): Promise<string> => {
    const node = await nodes.findByName(name);
    if (node === undefined) throw notFound('node', name);
    return node.nodeId;
  };

  api.post('/nodes/:name/rebuild-window', { schema: schemas.openRebuildWindow }, async (request) => {
    const nodeId = await findNodeId(request.params.name);
    // There is one token: whoever has it is the administrator.
    const window = await claims.openWindow(nodeId, 'administrator', request.body.ttlMs);
    noteTarget(request, { expiresAt: window.expiresAt });
    return { node: window.nodeName, ...toOpenWindow(window) };
  });

  api.delete('/nodes/:name/rebuild-window', { schema: schemas.closeRebuildWindow }, async (request, reply) => {
    const { name } = request.params;
    if (!(await claims.closeWindow(await findNodeId(name)))) throw noneOpen(name);
    return reply.code(204).send(null);
  });
}

function noneOpen(node: string): DroverError {
  const reason = 'no rebuild window is open';
  return coordinatorErrors.create('not-found', { tried: 'close a rebuild window', node, reason });
}
