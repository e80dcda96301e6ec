export * from './actions.ts';
export * from './configured-annotation.ts';
export * from './facts.ts';
export * from './facts-change.ts';
export type * from './messages.ts';
export * from './peer-documents.ts';
export * from './registry-files.ts';
export * from './watched-ports.ts';
