import { type Clock, DroverError, messageOf } from '@drover/core';
import { type ActionCall, type ActionParams, PeerListeners, PeerProbes } from '@drover/proto';
import { Value } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';
import type { NeededPort } from '../plan/reachability.ts';
import type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
import type { Participant, SurveyPlan } from './survey-plan.ts';

/** The way to the nodes. */
export interface SurveyOptions {
  readonly sessions: Pick<NodeSessions, 'run'>;
  readonly newOperationId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly clock: Clock;
}

/** What each node answered, by its name: its document, or why there is none. */
export interface SurveyAnswers {
  readonly listeners: ReadonlyMap<string, PeerListeners | Error>;
  readonly probes: ReadonlyMap<string, PeerProbes | Error>;
}

/** How long a node may take until it listens: its unit may have to start. */
const openMs = 10_000;
/** Listeners end by themselves after this. */
const listenMs = 45_000;
const probeMs = 30_000;
/** How long a node may take to say where it has listened. */
const closeMs = 3_000;

/**
 * Has all nodes listen, then all of them try each other side by side, then ends the listeners. A node that fails is in the
 * answers; the signal's reason is thrown when it aborts.
 */
export async function surveyNodes(
  options: SurveyOptions,
  { participants, links }: SurveyPlan,
  signal: AbortSignal,
): Promise<SurveyAnswers> {
  const surveyKey = Buffer.from(options.randomBytes(32));
  const ending = new AbortController();
  const closing = AbortSignal.any([signal, ending.signal]);
  const opened = participants.map((node) => {
    const ports = distinct(links.filter(({ to }) => to === node).flatMap(({ tried }) => tried));
    const params = { surveyKey, address: node.address, ports: ports.map(toMessage) };
    return { node, ...openListener(options, node, { name: 'listen-for-peers', params }, closing) };
  });
  try {
    await Promise.all(opened.map(({ isOpen }) => within(options.clock, openMs, isOpen, signal)));
    const probes = await Promise.all(
      participants.map(
        async (node) =>
          [node.name, await probeFrom(options, node, { surveyKey, targets: targetsOf(links, node) }, signal)] as const,
      ),
    );
    ending.abort(new Error('the survey is over'));
    const answers = opened.map(async ({ node, ended }) => {
      const answer = await within(options.clock, closeMs, ended, signal);
      return [node.name, answer ?? unanswered(node)] as const;
    });
    return { listeners: new Map(await Promise.all(answers)), probes: new Map(probes) };
  } finally {
    ending.abort(new Error('the survey is over'));
  }
}

interface Listener {
  /** Resolves when it listens, or never will; never rejects. */
  readonly isOpen: Promise<unknown>;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<PeerListeners | Error>;
}

function openListener(
  { sessions, newOperationId }: SurveyOptions,
  node: Participant,
  call: ActionCall,
  signal: AbortSignal,
): Listener {
  const waiting = Promise.withResolvers<void>();
  const request = { operationId: newOperationId(), mode: 'run', call, timeoutMs: listenMs } as const;
  const observer = { onProgress: ({ waitingOn }: { waitingOn?: unknown }) => waitingOn && waiting.resolve() };
  const ended = sessions
    .run(node.nodeId, request, { signal, awaitsEnd: true, observer })
    .then((outcome) => read(node, call, outcome, (document) => Value.Check(PeerListeners, document) && document))
    .catch(toError);
  return { isOpen: Promise.race([waiting.promise, ended]), ended };
}

async function probeFrom(
  { sessions, newOperationId }: SurveyOptions,
  node: Participant,
  params: ActionParams<'probe-peers'>,
  signal: AbortSignal,
): Promise<PeerProbes | Error> {
  if (params.targets.length === 0) return { peers: [] };
  const call: ActionCall = { name: 'probe-peers', params };
  const request = { operationId: newOperationId(), mode: 'run', call, timeoutMs: probeMs } as const;
  try {
    const outcome = await sessions.run(node.nodeId, request, { signal });
    return read(node, call, outcome, (document) => Value.Check(PeerProbes, document) && document);
  } catch (error) {
    signal.throwIfAborted();
    return toError(error);
  }
}

function read<Document>(
  node: Participant,
  { name }: ActionCall,
  outcome: OperationOutcome,
  check: (document: unknown) => Document | false,
): Document {
  const document = outcome.kind === 'answer' && check(outcome.document);
  if (document !== false) return document;
  const reason =
    outcome.kind === 'failure'
      ? `${outcome.problem.code}: ${outcome.problem.reason}`
      : `the agent answered ${name} with ${outcome.kind}`;
  throw coordinatorErrors.create('operation-failed', { tried: 'survey the network', node: node.name, reason });
}

function unanswered(node: Participant): Error {
  const reason = `it did not say where it listened within ${closeMs / 1000} s`;
  return coordinatorErrors.create('operation-failed', { tried: 'survey the network', node: node.name, reason });
}

/** Undefined when the work takes longer. The caller still owns it. Throws the signal's reason. */
async function within<Result>(clock: Clock, durationMs: number, work: Promise<Result>, signal: AbortSignal) {
  const settled = new AbortController();
  const late = clock.sleep(durationMs, AbortSignal.any([signal, settled.signal])).then(
    () => undefined,
    () => signal.throwIfAborted(),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort();
  }
}

function toError(error: unknown): Error {
  return error instanceof DroverError
    ? new Error(error.problem.reason, { cause: error })
    : new Error(messageOf(error), { cause: error });
}

function toMessage({ protocol, port }: NeededPort) {
  return { protocol: protocol === 'udp' ? 'UDP' : 'TCP', port } as const;
}

function distinct(ports: readonly NeededPort[]): readonly NeededPort[] {
  return [...new Map(ports.map((port) => [`${port.protocol}/${port.port}`, port])).values()];
}

/** Two nodes may have been given the same address: it is tried once. */
function targetsOf(all: SurveyPlan['links'], node: Participant) {
  const links = all.filter(({ from }) => from === node);
  const addresses = [...new Set(links.map(({ to }) => to.address))];
  return addresses.map((address) => ({
    address,
    ports: distinct(links.filter(({ to }) => to.address === address).flatMap(({ tried }) => tried)).map(toMessage),
  }));
}
