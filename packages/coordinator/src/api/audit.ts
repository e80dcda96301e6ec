import type { Logger } from '@drover/core';
import type { ApiServer } from './type-provider.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer has a secret in it: who got it is on record, though reading changes nothing. @default false */
    readonly handsOutSecret?: boolean;
  }
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Logs a line for each call that may have changed something, whether it was let through or refused, for each that asks
 * for a secret, and for each of a caller who is not known.
 */
export function registerAudit(api: ApiServer, logger: Logger): void {
  api.addHook('onResponse', async (request, reply) => {
    const isReading = readingMethods.includes(request.method) && request.routeOptions.config.handsOutSecret !== true;
    if (isReading && reply.statusCode !== 401) return;
    const { method, url, ip } = request;
    const durationMs = Math.round(reply.elapsedTime);
    logger.info({ audit: true, method, url, status: reply.statusCode, remoteAddress: ip, durationMs }, 'api call');
  });
}
