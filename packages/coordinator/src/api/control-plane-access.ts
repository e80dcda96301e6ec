import { DroverError, generateKeyPair, open, type Secret } from '@drover/core';
import { ClusterNodes } from '@drover/proto';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { askNode, type QueryPlace, queryNode, unexpectedAnswer } from '../sessions/query-node.ts';
import type { NodeSessions } from '../sessions/sessions.ts';

/** What the control plane of a cluster can be asked, through the agent on one of its nodes. */
export interface ControlPlaneAccess {
  /** The Node objects as they are now. Throws `node-not-connected`, and the agent's own problem as `operation-failed`. */
  listNodes(cluster: ClusterRecord, signal: AbortSignal): Promise<ClusterNodes>;
  /** The administrator's kubeconfig, sealed on the node to the caller's key: the coordinator cannot read it. */
  sealKubeconfig(cluster: ClusterRecord, request: KubeconfigQuery, signal: AbortSignal): Promise<Uint8Array>;
  /** The administrator's kubeconfig in the clear, sealed on its way here to a key that lives as long as the call. */
  readKubeconfig(cluster: ClusterRecord, server: string | undefined, signal: AbortSignal): Promise<Secret>;
}

/** For whom a kubeconfig is, and how they reach the API. */
export interface KubeconfigQuery {
  /** P-256, SubjectPublicKeyInfo in DER. */
  readonly recipientPublicKey: Uint8Array;
  /** Replaces the API's address in the document. */
  readonly server: string | undefined;
}

/** The way to the nodes. */
export interface ControlPlaneAccessOptions {
  readonly nodes: Nodes;
  readonly sessions: NodeSessions;
  readonly newOperationId: () => string;
}

/** Asks over the session of a control-plane node. */
export function createControlPlaneAccess(options: ControlPlaneAccessOptions): ControlPlaneAccess {
  const sealKubeconfig: ControlPlaneAccess['sealKubeconfig'] = async (cluster, query, signal) => {
    const recipientPublicKey = Buffer.from(query.recipientPublicKey);
    const call = { name: 'mint-kubeconfig', params: { recipientPublicKey, server: query.server ?? '' } } as const;
    return await askAny(options, cluster, signal, async (place) => {
      const outcome = await askNode(options, place, call);
      if (outcome.kind !== 'minted') throw unexpectedAnswer(place, call, outcome);
      return outcome.sealed;
    });
  };

  return {
    sealKubeconfig,
    readKubeconfig: async (cluster, server, signal) => {
      const { privateKey, publicKey } = generateKeyPair();
      const sealed = await sealKubeconfig(cluster, { recipientPublicKey: publicKey, server }, signal);
      return await open({ privateKey, info: 'drover/v1/mint-kubeconfig', sealed });
    },
    listNodes: (cluster, signal) =>
      askAny(options, cluster, signal, (place) =>
        queryNode(options, place)({ name: 'list-cluster-nodes', params: {} }, ClusterNodes),
      ),
  };
}

/** Any control-plane node will do: one that is away, or whose API does not answer, makes room for the next. */
async function askAny<T>(
  { nodes, sessions }: ControlPlaneAccessOptions,
  cluster: ClusterRecord,
  signal: AbortSignal,
  ask: (place: QueryPlace) => Promise<T>,
): Promise<T> {
  const tried = `ask the control plane of ${cluster.name}`;
  let refusal: unknown;
  for (const { name } of controlPlaneNodes(cluster.spec)) {
    try {
      const nodeId = await requireConnected({ nodes, sessions }, { tried, node: name });
      return await ask({ tried, node: name, nodeId, signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof DroverError) || !mayOthersAnswer(error)) throw error;
      // The first one's reason says most, unless another one was there and could not.
      if (refusal === undefined || error.code === 'operation-failed') refusal = error;
    }
  }
  throw refusal;
}

function mayOthersAnswer({ code, problem }: DroverError): boolean {
  return code === 'node-not-connected' || code === 'node-not-enrolled' || problem.retryable;
}

async function requireConnected(
  { nodes, sessions }: Pick<ControlPlaneAccessOptions, 'nodes' | 'sessions'>,
  { tried, node }: Pick<QueryPlace, 'tried' | 'node'>,
): Promise<string> {
  const record = await nodes.findByName(node);
  if (record === undefined || record.incarnation === 0) {
    throw coordinatorErrors.create('node-not-enrolled', { tried, node, reason: `${node} has never enrolled` });
  }
  if (sessions.find(record.nodeId) === undefined) {
    throw coordinatorErrors.create('node-not-connected', { tried, node, reason: `${node} is not connected` });
  }
  return record.nodeId;
}
