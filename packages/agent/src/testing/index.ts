export { enroll } from '../enrollment/enroll.ts';
export { type CommandRecord, readCommands } from '../host/simulated/record-command.ts';
export { openWorld, type World } from '../host/simulated/world/world.ts';
export { occupyPorts } from './occupy-ports.ts';
export * from './test-agent.ts';
