import { createQueue } from '@drover/core';
import type { ClusterView } from '../plan/cluster-view.ts';
import type { Reachability } from '../plan/reachability.ts';
import { judgeLinks } from './judge-links.ts';
import { type SurveyOptions, surveyNodes } from './survey-nodes.ts';
import { planSurvey } from './survey-plan.ts';

/** What a survey looks at. */
export type SurveyView = Pick<ClusterView, 'spec' | 'nodes' | 'targets'>;

/** Finds out how the nodes of a view reach each other. Throws the signal's reason alone. */
export type SurveyNetwork = (view: SurveyView, signal: AbortSignal) => Promise<Reachability>;

/** One survey at a time: two would find each other's listeners, and take them for services. */
export function createNetworkSurvey(options: SurveyOptions): SurveyNetwork {
  const inTurn = createQueue();
  return (view, signal) => inTurn(() => survey(options, view, signal));
}

async function survey(options: SurveyOptions, view: SurveyView, signal: AbortSignal): Promise<Reachability> {
  signal.throwIfAborted();
  const { clock } = options;
  const since = clock.monotonic();
  const surveyedAt = new Date(clock.now()).toISOString();
  const plan = planSurvey(view);
  const answers = await surveyNodes(options, plan, signal);
  const failed = plan.participants.flatMap(({ name: node }) =>
    [answers.listeners.get(node), answers.probes.get(node)].flatMap((answer) =>
      answer instanceof Error ? [{ node, reason: answer.message }] : [],
    ),
  );
  return {
    surveyedAt,
    durationMs: Math.round(clock.monotonic() - since),
    nodes: plan.participants.map(({ name, address, firewalls }) => ({ name, address, firewalls })),
    unsurveyed: [...plan.unsurveyed, ...failed],
    links: judgeLinks(plan.links, answers),
  };
}
