export { openSqliteStore } from '../store/sqlite-store.ts';
export * from './network-survey.ts';
export { preflightOf } from './preflight-views.ts';
export * from './software-tpm.ts';
export * from './test-coordinator.ts';
