import { Type } from 'typebox';
import type { FleetTokenRecord } from '../../enrollment/fleet-token-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import {
  CreatedFleetToken,
  FleetTokenList,
  FleetTokenRequest,
  type FleetTokenResource,
} from '../schemas/fleet-token.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['tokens'];

const schemas = {
  createFleetToken: {
    operationId: 'createFleetToken',
    summary: 'Make a token that an image has: its machines are let in by its rules, or wait for a person',
    tags,
    body: FleetTokenRequest,
    response: { 201: CreatedFleetToken, ...problems(400) },
  },
  listFleetTokens: {
    operationId: 'listFleetTokens',
    summary: 'The tokens that images have, the oldest first',
    tags,
    response: { 200: FleetTokenList },
  },
  deleteFleetToken: {
    operationId: 'deleteFleetToken',
    summary: 'Make a fleet token worthless; whoever was let in by it stays',
    tags,
    params: Type.Object({ tokenId: Type.String() }),
    response: { 204: Type.Null(), ...problems(404) },
  },
};

/** Tokens that images have. */
export function registerFleetTokenRoutes(api: ApiServer, { fleetTokens, clock }: ApiDependencies): void {
  const creation = { config: { auditedMembers: ['atMost'] }, schema: schemas.createFleetToken } as const;
  api.post('/fleet-tokens', creation, async (request, reply) => {
    const { record, token } = await fleetTokens.create(request.body);
    noteTarget(request, { tokenId: record.tokenId });
    return reply.code(201).send({ ...toResource(record, clock.now()), token: token.reveal() });
  });

  api.get('/fleet-tokens', { schema: schemas.listFleetTokens }, async () => ({
    items: (await fleetTokens.list()).map((record) => toResource(record, clock.now())),
  }));

  api.delete('/fleet-tokens/:tokenId', { schema: schemas.deleteFleetToken }, async (request, reply) => {
    const { tokenId } = request.params;
    if (!(await fleetTokens.remove(tokenId))) throw notFound('fleet token', tokenId);
    return reply.code(204).send(null);
  });
}

function toResource({ verifier: _verifier, rules, ...shown }: FleetTokenRecord, now: number): FleetTokenResource {
  return { ...shown, rules: [...rules], state: now > Date.parse(shown.expiresAt) ? 'expired' : 'issued' };
}
