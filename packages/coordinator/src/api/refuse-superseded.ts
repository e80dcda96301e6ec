import type { Lineage } from '../lineage/lineage.ts';
import type { ApiServer } from './type-provider.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served also by a coordinator that another has superseded, though it changes something. @default false */
    readonly isServedWhileSuperseded?: boolean;
  }
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Refuses every call that may change something, with `coordinator-superseded`, for as long as the coordinator is. */
export function refuseSuperseded(api: ApiServer, lineage: Lineage): void {
  api.addHook('preHandler', async ({ method, routeOptions: { config } }) => {
    const isReading = readingMethods.includes(method) || config.changesNothing === true;
    if (!isReading && config.isServedWhileSuperseded !== true) lineage.refuseSuperseded();
  });
}
