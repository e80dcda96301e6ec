/** What a simulation in one process is made of: the coordinator's own parts, put together over given ports. */

export { createAuditTrail } from '../audit/audit-trail.ts';
export { createClusterBirths } from '../clusters/cluster-birth.ts';
export { ClusterDocument } from '../clusters/cluster-spec.ts';
export { createClusters } from '../clusters/clusters.ts';
export { createEngine, type Engine } from '../engine/engine.ts';
export { hasEnded, type RunRecord, type StepRecord } from '../engine/run-record.ts';
export { coordinatorErrors } from '../errors.ts';
export { toServiceError } from '../grpc/status.ts';
export { type CertificateAuthority, openCertificateAuthority } from '../identity/certificate-authority.ts';
export { createFactsInventory } from '../inventory/facts.ts';
export type { NodeRecord } from '../inventory/node-record.ts';
export { activateIdentity, createNodes } from '../inventory/nodes.ts';
export { type Lineage, openLineage } from '../lineage/lineage.ts';
export { checks } from '../preflight/checks/index.ts';
export { createClusterViews } from '../runs/cluster-views.ts';
export { createPlanner } from '../runs/planner.ts';
export { startRun } from '../runs/start-run.ts';
export { witnessBirths } from '../runs/witness-births.ts';
export type { AgentPeer } from '../sessions/agent-connection.ts';
export { createFactsGatherer } from '../sessions/gather-facts.ts';
export { createSessions } from '../sessions/node-sessions.ts';
export type { NodeSessions } from '../sessions/sessions.ts';
export { createMemoryStore } from '../store/memory-store.ts';
export type { Guard, Store, Write } from '../store/store.ts';
export { workflows } from '../workflows/workflows.ts';
export { exampleText, parseCluster } from './example-cluster.ts';
export { acknowledge, createEnrollmentFixture, type Means, machineOne } from './enrollment-fixture.ts';
