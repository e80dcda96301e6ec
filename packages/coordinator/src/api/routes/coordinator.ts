import type { Lineage } from '../../lineage/lineage.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { noteTarget } from '../record-calls.ts';
import { CoordinatorConfirmation, CoordinatorResource } from '../schemas/coordinator.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['coordinator'];

const schemas = {
  getCoordinator: {
    operationId: 'getCoordinator',
    summary: 'Which start of the coordinator this is, where agents reach it, and whether another one has been at work',
    tags,
    response: { 200: CoordinatorResource },
  },
  confirmCoordinator: {
    operationId: 'confirmCoordinator',
    summary: 'Let a superseded coordinator go on, whatever the one that was shown has done',
    tags,
    body: CoordinatorConfirmation,
    response: { 200: CoordinatorResource, ...problems(400, 409) },
  },
};

/** Which coordinator this is: a restored backup and a copy are told from the one whose work they do not know. */
export function registerCoordinatorRoutes(api: ApiServer, { lineage, agentEndpoints, pin }: ApiDependencies): void {
  const describe = async (): Promise<CoordinatorResource> => ({
    ...(await describeLineage(lineage)),
    agentEndpoints: [...agentEndpoints],
    pin,
  });

  api.get('/coordinator', { schema: schemas.getCoordinator }, describe);

  const confirmation = { config: { isServedWhileSuperseded: true }, schema: schemas.confirmCoordinator };
  api.post('/coordinator/confirm', confirmation, async (request) => {
    const { epoch } = request.body;
    noteTarget(request, { epoch: String(epoch) });
    await lineage.confirm(epoch);
    return await describe();
  });
}

async function describeLineage(lineage: Lineage): Promise<Omit<CoordinatorResource, 'agentEndpoints' | 'pin'>> {
  const { epoch, coordinatorId, revision } = await lineage.mark();
  const present = { epoch, coordinatorId, revision };
  const standing = lineage.superseded();
  if (standing === undefined) return present;
  const { node, shown, provedAt, problem } = standing;
  const { evidence, faults, ...rest } = problem;
  return {
    ...present,
    superseded: { node, shown, provedAt, problem: { ...rest, evidence: [...evidence], faults: [...faults] } },
  };
}
