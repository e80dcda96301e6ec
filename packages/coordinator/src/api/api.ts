import swagger from '@fastify/swagger';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { ServerCertificate } from '../identity/server-identity.ts';
import { createAuthentication } from './authentication.ts';
import type { ApiDependencies } from './dependencies.ts';
import { describeApi } from './openapi.ts';
import { createErrorHandler, noSuchRoute, sendProblem } from './problem-reply.ts';
import { recordCalls } from './record-calls.ts';
import { refuseSuperseded } from './refuse-superseded.ts';
import { registerAdoptionRoutes } from './routes/adoption.ts';
import { registerAuditRoutes } from './routes/audit.ts';
import { registerClaimRoutes } from './routes/claims.ts';
import { registerClusterRoutes } from './routes/clusters.ts';
import { registerControlPlaneRoutes } from './routes/control-plane.ts';
import { registerCoordinatorRoutes } from './routes/coordinator.ts';
import { registerFindingRoutes } from './routes/findings.ts';
import { registerFleetTokenRoutes } from './routes/fleet-tokens.ts';
import { registerHealthRoutes } from './routes/health.ts';
import { registerNodeRemovalRoutes } from './routes/node-removal.ts';
import { registerNodeRoutes } from './routes/nodes.ts';
import { registerPlanRoutes } from './routes/plans.ts';
import { registerReachabilityRoutes } from './routes/reachability.ts';
import { registerRebuildWindowRoutes } from './routes/rebuild-windows.ts';
import { registerRemovedNodeRoutes } from './routes/removed-nodes.ts';
import { registerRunControlRoutes } from './routes/run-control.ts';
import { registerRunRoutes } from './routes/runs.ts';
import { registerTokenRoutes } from './routes/tokens.ts';
import type { ApiServer } from './type-provider.ts';
import { createValidator } from './validation.ts';

/** Of a part of a path that has a name: a step’s is made of a phase, a node, an action and what tells it apart. */
const maximumParameterLength = 400;

/** A cluster file with its pod network's manifest is a few hundred kilobytes. */
const bodyLimitBytes = 2 * 2 ** 20;

/**
 * The REST API, ready to listen or to be called by a test without a socket. Over TLS when it is given a certificate.
 * Every answer that is not a success is problem+json.
 */
export async function createApi(dependencies: ApiDependencies, certificate?: ServerCertificate): Promise<ApiServer> {
  const handleError = createErrorHandler(dependencies.logger);
  const api = createServer(handleError, certificate);
  readBodiesAsText(api);
  api.setValidatorCompiler(createValidator());
  // Replies are what their types say; a schema-driven serializer would drop what a schema forgot.
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  api.setErrorHandler(handleError);
  api.setNotFoundHandler((request, reply) => sendProblem(reply, noSuchRoute(request)));
  api.decorateRequest('isAdministrator', false);
  api.decorateReply('problemCode', undefined);
  api.addHook('onRequest', createAuthentication(dependencies.adminToken));
  // Answers hold tokens, kubeconfigs and states of the moment.
  api.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  // Before the attempt is recorded: it ends up as a refusal.
  refuseSuperseded(api, dependencies.lineage);
  recordCalls(api, dependencies);

  await api.register(swagger, describeApi(dependencies.version));
  await api.register(
    async (scope) => {
      for (const register of routes) register(scope, dependencies);
      scope.get('/openapi.json', { config: { isPublic: true }, schema: { hide: true } }, async () => api.swagger());
    },
    { prefix: '/api/v1' },
  );
  await api.ready();
  return api;
}

const routes: readonly ((api: ApiServer, dependencies: ApiDependencies) => void)[] = [
  registerHealthRoutes,
  registerCoordinatorRoutes,
  registerTokenRoutes,
  registerFleetTokenRoutes,
  registerNodeRoutes,
  registerNodeRemovalRoutes,
  registerRebuildWindowRoutes,
  registerRemovedNodeRoutes,
  registerClaimRoutes,
  registerClusterRoutes,
  registerAdoptionRoutes,
  registerFindingRoutes,
  registerControlPlaneRoutes,
  registerReachabilityRoutes,
  registerPlanRoutes,
  registerRunRoutes,
  registerRunControlRoutes,
  registerAuditRoutes,
];

function createServer(
  handleError: ReturnType<typeof createErrorHandler>,
  certificate: ServerCertificate | undefined,
): ApiServer {
  // For the request to arrive; an answer may take as long as the nodes that are asked.
  const limits = { bodyLimit: bodyLimitBytes, requestTimeout: 30_000 };
  const routerOptions = { maxParamLength: maximumParameterLength };
  // Of what fails before there is a route, such as a path that is no UTF-8.
  const frameworkErrors = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    void handleError(error, request, reply);
  // Open event streams end with the server instead of keeping it.
  const shared = { ...limits, routerOptions, frameworkErrors, forceCloseConnections: true, logger: false } as const;
  if (certificate === undefined) return fastify(shared).withTypeProvider();
  const { chain, privateKey } = certificate;
  return fastify({ ...shared, https: { cert: chain, key: privateKey.reveal() } }).withTypeProvider();
}

/** The validator reads a body, so that its faults have lines. */
function readBodiesAsText(api: ApiServer): void {
  api.removeAllContentTypeParsers();
  const types = ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml'];
  api.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
