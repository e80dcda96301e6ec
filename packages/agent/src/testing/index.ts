export * from './test-agent.ts';
