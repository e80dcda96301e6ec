import type { Reachability } from '../plan/reachability.ts';
import type { ClusterRequest } from '../preflight/check.ts';
import type { SurveyNetwork } from '../reachability/surveys.ts';
import { type ClusterViewsOptions, viewNode } from './cluster-views.ts';

/** What surveying a cluster on request takes. */
export interface ClusterSurveyOptions extends Omit<ClusterViewsOptions, 'births'> {
  readonly surveyNetwork: SurveyNetwork;
}

/** How the nodes of a cluster reach each other, those that are away said to be. Throws what a survey throws. */
export type SurveyCluster = (cluster: ClusterRequest, signal: AbortSignal) => Promise<Reachability>;

/** Surveys with whoever is there: nothing is to be done on the nodes, so that nobody has to be. */
export function createClusterSurvey({ surveyNetwork, ...places }: ClusterSurveyOptions): SurveyCluster {
  return async ({ name, spec }, signal) => {
    const looks = await Promise.all(spec.nodes.map((node, index) => viewNode(places, node, index, signal)));
    const nodes = looks.flatMap((look) => ('facts' in look ? [look] : []));
    const away = looks.flatMap((look) => ('reason' in look ? [{ node: look.node, reason: `it ${look.reason}` }] : []));
    const targets = spec.nodes.map((node) => node.name);
    const found = await surveyNetwork({ name, spec, nodes, targets }, signal);
    return { ...found, unsurveyed: [...found.unsurveyed, ...away] };
  };
}
