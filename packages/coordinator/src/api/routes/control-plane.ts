import { parsePublicKey } from '@drover/core';
import { Type } from 'typebox';
import type { ClusterRecord } from '../../clusters/cluster-spec.ts';
import { coordinatorErrors } from '../../errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { requestSignal } from '../request-signal.ts';
import { ClusterNodesResource, KubeconfigRequest, KubeconfigServer, SealedKubeconfig } from '../schemas/cluster.ts';
import { problems } from '../schemas/problem.ts';
import type { ApiServer } from '../type-provider.ts';

const tags = ['clusters'];
const params = Type.Object({ name: Type.String() });

const schemas = {
  listClusterNodes: {
    operationId: 'listClusterNodes',
    summary: 'The Node objects as the cluster’s own API shows them now',
    tags,
    params,
    response: { 200: ClusterNodesResource, ...problems(404, 409, 502) },
  },
  sealKubeconfig: {
    operationId: 'sealKubeconfig',
    summary: 'The administrator’s kubeconfig, sealed to the caller’s key: the coordinator cannot read it',
    tags,
    params,
    body: KubeconfigRequest,
    response: { 200: SealedKubeconfig, ...problems(400, 404, 409, 502) },
  },
  getKubeconfig: {
    operationId: 'getKubeconfig',
    summary: 'The administrator’s kubeconfig in the clear',
    tags,
    params,
    querystring: Type.Object({ server: Type.Optional(KubeconfigServer) }, { additionalProperties: false }),
    response: {
      200: { content: { 'application/yaml': { schema: Type.String() } } },
      ...problems(400, 404, 409, 502),
    },
  },
};

/** What the control plane of a cluster is asked through its node's agent. */
export function registerControlPlaneRoutes(api: ApiServer, dependencies: ApiDependencies): void {
  const { clusters, controlPlaneAccess } = dependencies;
  const find = async (name: string): Promise<ClusterRecord> => {
    const cluster = await clusters.get(name);
    if (cluster === undefined) throw notFound('cluster', name);
    return cluster;
  };

  api.get('/clusters/:name/nodes', { schema: schemas.listClusterNodes }, async (request, reply) =>
    controlPlaneAccess.listNodes(await find(request.params.name), requestSignal(reply)),
  );

  api.post('/clusters/:name/kubeconfig', { schema: schemas.sealKubeconfig }, async (request, reply) => {
    const { server } = request.body;
    const recipientPublicKey = readPublicKey(request.body.recipientPublicKey);
    const cluster = await find(request.params.name);
    const query = { recipientPublicKey, server };
    const sealed = await controlPlaneAccess.sealKubeconfig(cluster, query, requestSignal(reply));
    return { sealed: Buffer.from(sealed).toString('base64') };
  });

  const kubeconfigOptions = { config: { handsOutSecret: true }, schema: schemas.getKubeconfig } as const;
  api.get('/clusters/:name/kubeconfig', kubeconfigOptions, async (request, reply) => {
    const cluster = await find(request.params.name);
    const kubeconfig = await controlPlaneAccess.readKubeconfig(cluster, request.query.server, requestSignal(reply));
    return reply.type('application/yaml').send(kubeconfig.reveal());
  });
}

function readPublicKey(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  try {
    parsePublicKey(bytes);
    return bytes;
  } catch (cause) {
    throw coordinatorErrors.create('input-invalid', {
      tried: 'seal a kubeconfig',
      reason: 'the recipient’s key cannot be used',
      faults: [{ path: 'recipientPublicKey', message: 'is no P-256 SubjectPublicKeyInfo in base64' }],
      cause,
    });
  }
}
