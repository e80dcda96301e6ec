export * from './actions.ts';
export * from './facts.ts';
export * from './load.ts';
export type * from './messages.ts';
