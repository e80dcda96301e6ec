export { openSqliteStore } from '../store/sqlite-store.ts';
export * from './test-coordinator.ts';
