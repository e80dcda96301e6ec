export * from './backoff.ts';
export * from './clock.ts';
export * from './error.ts';
export * from './ids.ts';
export * from './logger.ts';
export * from './secret.ts';
export * from './shutdown.ts';
