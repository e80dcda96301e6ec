import type { FastifyReply } from 'fastify';

/** Aborts when the client goes away before its answer is complete: nobody waits for the rest. */
export function requestSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the client has gone away'));
  });
  return controller.signal;
}
