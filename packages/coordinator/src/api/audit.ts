import type { Logger } from '@drover/core';
import type { ApiServer } from './type-provider.ts';

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Logs a line for each call that may have changed something, whether it was let through or refused. */
export function registerAudit(api: ApiServer, logger: Logger): void {
  api.addHook('onResponse', async (request, reply) => {
    if (readingMethods.includes(request.method)) return;
    const { method, url, ip } = request;
    const durationMs = Math.round(reply.elapsedTime);
    logger.info({ audit: true, method, url, status: reply.statusCode, remoteAddress: ip, durationMs }, 'api call');
  });
}
