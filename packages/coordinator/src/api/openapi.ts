import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** How the OpenAPI document introduces itself; its routes and shapes are those that the server runs. */
export function describeApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drover',
        description: 'Drives plain Linux machines into Kubernetes clusters. Errors are problem details (RFC 9457).',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
  };
}
