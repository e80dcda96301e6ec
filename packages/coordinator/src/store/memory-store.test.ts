import { storeConformance } from '../testing/store-conformance.ts';
import { createMemoryStore } from './memory-store.ts';

storeConformance('memory store', { open: async (options) => createMemoryStore(options) });
