export { enroll } from '../enrollment/enroll.ts';
export type { CommandRecord } from '../host/simulated/command-record.ts';
export { readCommands } from '../host/simulated/folder-storage.ts';
export { createSimulatedHost } from '../host/simulated/simulated-host.ts';
export { openWorld, type World } from '../host/simulated/world/world.ts';
export * from './direct-action.ts';
export { createFakeHost } from './fake-host.ts';
export { occupyPorts } from './occupy-ports.ts';
export * from './test-agent.ts';
