import type { Reachability } from '../plan/reachability.ts';
import type { ClusterRequest } from '../preflight/check.ts';
import type { ReachabilityRecords } from '../reachability/reachability-records.ts';
import type { SurveyNetwork } from '../reachability/surveys.ts';
import { type ClusterViewsOptions, viewNode } from './cluster-views.ts';

/** What surveying a cluster on request takes. */
export interface ClusterSurveyOptions extends Omit<ClusterViewsOptions, 'births'> {
  readonly surveyNetwork: SurveyNetwork;
  readonly records: Pick<ReachabilityRecords, 'keep'>;
}

/** Finds out how the nodes of a cluster reach each other, and keeps it. Throws the signal's reason, and what the store throws. */
export type SurveyCluster = (cluster: ClusterRequest, signal: AbortSignal) => Promise<Reachability>;

/** Surveys with whoever is there: nothing is to be done on the nodes, so that nobody has to be. */
export function createClusterSurvey({ surveyNetwork, records, ...places }: ClusterSurveyOptions): SurveyCluster {
  return async ({ name, spec }, signal) => {
    const looks = await Promise.all(spec.nodes.map((node, index) => viewNode(places, node, index, signal)));
    const nodes = looks.flatMap((look) => ('facts' in look ? [look] : []));
    const away = looks.flatMap((look) => ('reason' in look ? [{ node: look.node, reason: `it ${look.reason}` }] : []));
    const targets = spec.nodes.map((node) => node.name);
    const found = await surveyNetwork({ spec, nodes, targets }, signal);
    const whole = { ...found, unsurveyed: [...found.unsurveyed, ...away] };
    await records.keep(name, whole);
    return whole;
  };
}
