import type { Clock, Logger, Secret } from '@drover/core';
import type { Adoption } from '../adoption/adoption.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { ClaimQuestions } from '../claims/claim-questions.ts';
import type { Claims } from '../claims/claims.ts';
import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Drift } from '../drift/drift.ts';
import type { Engine } from '../engine/engine.ts';
import type { FleetTokens } from '../enrollment/fleet-tokens.ts';
import type { Tokens } from '../enrollment/tokens.ts';
import type { DamagedNodes } from '../inventory/damaged-nodes.ts';
import type { FactsInventory } from '../inventory/facts.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { ReachabilityRecords } from '../reachability/reachability-records.ts';
import type { ObserveCluster } from '../rejoin/observe-cluster.ts';
import type { Rejoins } from '../rejoin/rejoins.ts';
import type { Planner } from '../runs/planner.ts';
import type { SurveyCluster } from '../runs/survey-cluster.ts';
import type { Workflows } from '../runs/workflows.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import type { ControlPlaneAccess } from './control-plane-access.ts';
import type { Readiness } from './readiness.ts';

/** What the routes are made of. */
export interface ApiDependencies {
  /** The bearer token that callers present. */
  readonly adminToken: Secret;
  readonly adoption: Adoption;
  /** Under which addresses agents reach this coordinator, as host:port. */
  readonly agentEndpoints: readonly { readonly enrollment: string; readonly session: string }[];
  readonly audit: AuditTrail;
  readonly births: ClusterBirths;
  readonly claims: Claims;
  readonly claimQuestions: Pick<ClaimQuestions, 'facts'>;
  readonly clusters: Clusters;
  readonly controlPlaneAccess: ControlPlaneAccess;
  readonly drift: Pick<Drift, 'findings' | 'events'>;
  readonly engine: Engine;
  readonly fleetTokens: FleetTokens;
  readonly facts: FactsInventory;
  readonly factsGatherer: FactsGatherer;
  readonly lineage: Lineage;
  readonly nodes: Nodes;
  readonly damagedNodes: DamagedNodes;
  /** What a cluster says of its nodes. */
  readonly observe: ObserveCluster;
  /** What a machine needs to trust this coordinator, as `formatCoordinatorPin` writes it. Not secret. */
  readonly pin: string;
  readonly planner: Planner;
  readonly reachabilityRecords: Pick<ReachabilityRecords, 'last'>;
  readonly readiness: Readiness;
  readonly rejoins: Pick<Rejoins, 'list' | 'retry'>;
  readonly sessions: NodeSessions;
  readonly surveyCluster: SurveyCluster;
  readonly tokens: Tokens;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shown by the health route. */
  readonly version: string;
}
