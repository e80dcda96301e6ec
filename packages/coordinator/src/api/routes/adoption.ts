import type { ApiDependencies } from '../dependencies.ts';
import { requestSignal } from '../request-signal.ts';
import { AdoptionRequest, ClusterProposalResource } from '../schemas/adoption.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const schema = {
  operationId: 'proposeCluster',
  summary: 'A cluster file for a cluster that Drover did not make, from what its nodes show',
  tags: ['clusters'],
  body: AdoptionRequest,
  response: { 200: ClusterProposalResource, ...problems(400, 404, 409, 502) },
};

/** Clusters that are there already. Nothing is stored and nothing changed: the file is the caller's to store. */
export function registerAdoptionRoutes(api: ApiServer, { adoption }: ApiDependencies): void {
  api.post('/adoption', { config: { changesNothing: true }, schema }, async (request, reply) => {
    const { name, ...chosen } = request.body;
    const { document, notes } = await adoption.propose({ cluster: name, ...chosen }, requestSignal(reply));
    return { document, notes: notes.map(({ path, text }) => ({ path: [...path], text })) };
  });
}
