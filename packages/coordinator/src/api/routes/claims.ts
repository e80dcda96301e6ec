import { DroverError, hashPublicKey } from '@drover/core';
import { Type } from 'typebox';
import type { ClaimRecord, ClaimState } from '../../claims/claim-record.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { noteTarget } from '../record-calls.ts';
import { requestSignal } from '../request-signal.ts';
import { ApprovalRequest, ClaimFactsResource, ClaimList, ClaimResource } from '../schemas/claim.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['claims'];
const params = Type.Object({ claimId: Type.String() });

const schemas = {
  listClaims: {
    operationId: 'listClaims',
    summary: 'Machines that say they are nodes, under keys that are not the nodes’; the latest first',
    tags,
    response: { 200: ClaimList },
  },
  getClaim: {
    operationId: 'getClaim',
    summary: 'One claim, with its verdict and the evidence',
    tags,
    params,
    response: { 200: ClaimResource, ...problems(404) },
  },
  getClaimFacts: {
    operationId: 'getClaimFacts',
    summary: 'What the machine of an undecided claim observes of itself: asked when it comes next, and waited for',
    tags,
    params,
    response: { 200: ClaimFactsResource, ...problems(404, 409, 502, 504) },
  },
  approveClaim: {
    operationId: 'approveClaim',
    summary: 'Let the machine in: it comes for it by itself, and is then the node',
    tags,
    params,
    body: ApprovalRequest,
    response: { 200: ClaimResource, ...problems(400, 403, 404, 409, 422) },
  },
  rejectClaim: {
    operationId: 'rejectClaim',
    summary: 'Turn the machine away for good: its key is not let in any more',
    tags,
    params,
    response: { 200: ClaimResource, ...problems(404, 409) },
  },
};

/** There is one token: whoever has it is the administrator. */
const by = 'administrator';

/** Machines that want to be nodes, and what people decide about them. Deciding the same twice is as good as once. */
export function registerClaimRoutes(api: ApiServer, { claims, claimQuestions }: ApiDependencies): void {
  api.get('/claims', { schema: schemas.listClaims }, async () => ({ items: (await claims.list()).map(toResource) }));

  api.get('/claims/:claimId', { schema: schemas.getClaim }, async ({ params: { claimId } }) => {
    const claim = await claims.get(claimId);
    if (claim === undefined) throw notFound('claim', claimId);
    return toResource(claim);
  });

  api.get('/claims/:claimId/facts', { schema: schemas.getClaimFacts }, async ({ params: { claimId } }, reply) => {
    const answer = await claimQuestions.facts(claimId, requestSignal(reply));
    if (answer === undefined) throw notFound('claim', claimId);
    return { claimId, gatheredAt: answer.gatheredAt, facts: answer.facts };
  });

  async function decide(
    claimId: string,
    wanted: readonly ClaimState[],
    deciding: Promise<ClaimRecord | undefined>,
  ): Promise<ClaimRecord> {
    const claim = await deciding.catch(async (error: unknown) => {
      const present = error instanceof DroverError && error.code === 'claim-decided' && (await claims.get(claimId));
      if (present && wanted.includes(present.state)) return present;
      throw error;
    });
    if (claim === undefined) throw notFound('claim', claimId);
    return claim;
  }

  const approval = { config: { auditedMembers: ['node'] }, schema: schemas.approveClaim } as const;
  api.post('/claims/:claimId/approve', approval, async (request) => {
    const { claimId } = request.params;
    const approving = claims.approve(claimId, by, request.body.node);
    const claim = await decide(claimId, ['approved', 'admitted'], approving);
    noteNode(request, claim);
    return toResource(claim);
  });

  api.post('/claims/:claimId/reject', { schema: schemas.rejectClaim }, async (request) => {
    const { claimId } = request.params;
    const claim = await decide(claimId, ['rejected'], claims.reject(claimId, by));
    noteNode(request, claim);
    return toResource(claim);
  });
}

function noteNode(request: Parameters<typeof noteTarget>[0], { nodeName, verdict }: ClaimRecord): void {
  noteTarget(request, { verdict, ...(nodeName === undefined ? {} : { node: nodeName }) });
}

function toResource(claim: ClaimRecord): ClaimResource {
  const { claimId, nodeId, nodeName, publicKey, verdict, state, reason, evidence, account, decision, admitted } = claim;
  const { from, firstAt, lastAt } = claim;
  return {
    claimId,
    ...(nodeName === undefined ? {} : { node: nodeName }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...{ verdict, state, reason },
    evidence: [...evidence],
    ...(account === undefined
      ? {}
      : { account: { ...account, hardware: { ...account.hardware, macs: [...account.hardware.macs] } } }),
    keyHash: hashPublicKey(Buffer.from(publicKey, 'base64')),
    ...{ from, firstAt, lastAt },
    ...(decision === undefined ? {} : { decision }),
    ...(admitted === undefined ? {} : { admitted }),
  };
}
