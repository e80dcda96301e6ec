import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@drover/core';
import type { FastifyRequest } from 'fastify';
import { coordinatorErrors } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Anyone may call the route. @default false */
    readonly isPublic?: boolean;
  }
  interface FastifyRequest {
    /** The caller has the token. */
    isAdministrator: boolean;
  }
}

/** Lets requests with this bearer token through, and everyone to public routes. Throws `unauthenticated`. */
export function createAuthentication(token: Secret): (request: FastifyRequest) => Promise<void> {
  const expected = digest(token.reveal());
  return async (request) => {
    if (request.routeOptions.config.isPublic === true) return;
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    // Digests have one length: the comparison tells nothing about the token.
    request.isAdministrator = given !== undefined && timingSafeEqual(digest(given), expected);
    if (request.isAdministrator) return;
    throw coordinatorErrors.create('unauthenticated', {
      tried: `${request.method} ${request.url}`,
      reason: given === undefined ? 'the request has no bearer token' : 'the bearer token is not this coordinator’s',
    });
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
