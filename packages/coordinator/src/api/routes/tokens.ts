import { Type } from 'typebox';
import type { TokenRecord } from '../../enrollment/token-record.ts';
import { coordinatorErrors } from '../../errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import { problems } from '../schemas/problem.ts';
import { CreatedToken, TokenList, TokenRequest, type TokenResource } from '../schemas/token.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['tokens'];

const schemas = {
  createToken: {
    operationId: 'createToken',
    summary: 'Make an enrolment token for a node; a new name makes the node',
    tags,
    body: TokenRequest,
    response: { 201: CreatedToken, ...problems(400) },
  },
  listTokens: {
    operationId: 'listTokens',
    summary: 'Enrolment tokens, the oldest first',
    tags,
    response: { 200: TokenList },
  },
  deleteToken: {
    operationId: 'deleteToken',
    summary: 'Make a token worthless',
    tags,
    params: Type.Object({ tokenId: Type.String() }),
    response: { 204: Type.Null(), ...problems(404) },
  },
};

/** Enrolment tokens: what lets a machine in as a node. */
export function registerTokenRoutes(api: ApiServer, { tokens, clock }: ApiDependencies): void {
  const creation = { config: { auditedMembers: ['node', 'use'] }, schema: schemas.createToken } as const;
  api.post('/tokens', creation, async (request, reply) => {
    const { node, ttlMs, use } = request.body;
    if (use === 'machine' && ttlMs !== undefined) throw endless();
    const given = { ...(ttlMs === undefined ? {} : { ttlMs }), ...(use === undefined ? {} : { use }) };
    const { record, token } = await tokens.create(node, given);
    const { tokenId, nodeName } = record;
    noteTarget(request, { tokenId });
    return reply.code(201).send({ tokenId, token: token.reveal(), node: nodeName, ...lifeOf(record) });
  });

  api.get('/tokens', { schema: schemas.listTokens }, async () => ({
    items: (await tokens.list()).map((record) => toResource(record, clock.now())),
  }));

  api.delete('/tokens/:tokenId', { schema: schemas.deleteToken }, async (request, reply) => {
    const { tokenId } = request.params;
    if (!(await tokens.remove(tokenId))) throw notFound('token', tokenId);
    return reply.code(204).send(null);
  });
}

function toResource(record: TokenRecord, now: number): TokenResource {
  const { tokenId, nodeName, createdAt, expiresAt, state } = record;
  const hasExpired = state.kind !== 'used' && Date.parse(expiresAt) <= now;
  return { tokenId, node: nodeName, state: hasExpired ? 'expired' : state.kind, createdAt, ...lifeOf(record) };
}

/** What it is for, and until when it is good where that has an end. */
function lifeOf({ use = 'once', expiresAt }: TokenRecord): Pick<TokenResource, 'use' | 'expiresAt'> {
  return use === 'machine' ? { use } : { use, expiresAt };
}

function endless(): Error {
  const message = 'a machine’s credential is good until it is deleted';
  return coordinatorErrors.create('input-invalid', {
    tried: 'make a token',
    reason: message,
    faults: [{ path: 'ttlMs', message }],
  });
}
