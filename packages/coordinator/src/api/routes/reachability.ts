import { Type } from 'typebox';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { coordinatorErrors } from '../../errors.ts';
import type { Reachability } from '../../plan/reachability.ts';
import { reachability } from '../../preflight/checks/reachability.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { requestSignal } from '../request-signal.ts';
import { problems } from '../schemas/problem.ts';
import { ReachabilityResource } from '../schemas/reachability.ts';
import type { ApiServer } from '../type-provider.ts';

const shared = {
  tags: ['clusters'],
  params: Type.Object({ name: Type.String() }),
  response: { 200: ReachabilityResource, ...problems(404) },
};

const schemas = {
  getReachability: {
    operationId: 'getReachability',
    summary: 'How the nodes reached each other when that was last tried',
    ...shared,
  },
  surveyReachability: {
    operationId: 'surveyReachability',
    summary: 'Have the nodes try now how they reach each other, on the ports of their roles. Changes no machine',
    ...shared,
  },
};

/** Who reaches whom: tried before each run that makes members, and on request. */
export function registerReachabilityRoutes(
  api: ApiServer,
  { clusters, reachabilityRecords, surveyCluster }: ApiDependencies,
): void {
  api.get('/clusters/:name/reachability', { schema: schemas.getReachability }, async (request) => {
    const cluster = await clusters.get(request.params.name);
    if (cluster === undefined) throw notFound('cluster', request.params.name);
    const last = await reachabilityRecords.last(cluster.name);
    if (last === undefined)
      throw coordinatorErrors.create('not-found', {
        tried: `read how the nodes of ${cluster.name} reach each other`,
        reason: 'they have not tried yet',
      });
    return toResource(cluster, last);
  });

  api.post('/clusters/:name/reachability', { schema: schemas.surveyReachability }, async (request, reply) => {
    const cluster = await clusters.get(request.params.name);
    if (cluster === undefined) throw notFound('cluster', request.params.name);
    return toResource(cluster, await surveyCluster(cluster, requestSignal(reply)));
  });
}

function toResource(
  { name, spec }: { readonly name: string; readonly spec: ClusterSpec },
  found: Reachability,
): ReachabilityResource {
  const targets = spec.nodes.map((node) => node.name);
  const view = { name, spec, nodes: [], targets, acting: '', initOnActing: false, reachability: found };
  const findings = reachability.ofFacts?.(view) ?? [];
  return {
    cluster: name,
    surveyedAt: found.surveyedAt,
    durationMs: found.durationMs,
    nodes: found.nodes.map((node) => ({ ...node, firewalls: [...node.firewalls] })),
    unsurveyed: [...found.unsurveyed],
    links: found.links.map((link) => ({ ...link, ports: [...link.ports] })),
    findings: findings.map((finding) => ({ ...finding, evidence: [...finding.evidence] })),
  };
}
