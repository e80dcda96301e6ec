export * from './test-coordinator.ts';
