/** What a simulation in one process is made of: the agent's own parts, and ports in memory in place of the rest. */

export type { ActionRegistry } from '../actions/action.ts';
export type { Probe } from '../actions/probe.ts';
export { actionRegistry } from '../actions/registry.ts';
export type { AgentIdentity } from '../enrollment/agent-identity.ts';
export { agentErrors } from '../errors.ts';
export { digestFacts } from '../facts/digest.ts';
export { gatherFacts } from '../facts/gather.ts';
export type { Host } from '../host/host.ts';
export { createMemoryStorage, type MemoryStorage } from '../host/simulated/memory-storage.ts';
export type { ProgramCall } from '../host/simulated/program.ts';
export { kubeadm } from '../host/simulated/programs/kubeadm.ts';
export { rebootMachine } from '../host/simulated/reboot-machine.ts';
export { makeMachine, playHost } from '../host/simulated/simulated-host.ts';
export type { SimulatedCluster } from '../host/simulated/world/cluster.ts';
export { createMemoryWorld } from '../host/simulated/world/memory-world.ts';
export type { World } from '../host/simulated/world/world.ts';
export { createOperations } from '../operations/create-operations.ts';
export type { Journal, JournalEntry } from '../operations/journal.ts';
export { formatRecord, type OperationRecord, parseRecord } from '../operations/operation-record.ts';
export type { OperationUnits, UnitListener, UnitMessage } from '../operations/operation-units.ts';
export type { OperationRequest, Operations } from '../operations/operations.ts';
export { runOperation } from '../operations/run-operation.ts';
export { createUnitReports } from '../operations/unit-reports.ts';
export type { CoordinatorStream } from '../session/coordinator-stream.ts';
export type { EpochGuard } from '../session/epoch-guard.ts';
export { keepSession } from '../session/keep-session.ts';
export type { Introduction } from '../session/run-session.ts';
