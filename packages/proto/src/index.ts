export * from './actions.ts';
export * from './facts.ts';
export type * from './messages.ts';
