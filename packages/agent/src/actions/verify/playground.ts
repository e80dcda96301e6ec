import { DroverError, messageOf } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext } from '../action.ts';
import { getObject, isApiReady, runKubectl } from '../kubernetes/kubectl.ts';
import { PodList, type PodObject } from './pod-object.ts';

/** A namespace in which a capability is proved, and what a proof may do there. */
export interface Playground {
  readonly context: ApplyContext;
  readonly namespace: string;
  /** What the pods run. */
  readonly image: string;
  /** A line for people. */
  readonly log: (line: string) => void;
  /** Applies objects; those without a namespace of their own come into the playground's. */
  readonly apply: (...objects: readonly object[]) => Promise<void>;
  /** Runs kubectl in the namespace, for what has no shorter way here. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** The pods with a value of the label `app`. */
  readonly pods: (app: string) => Promise<readonly PodObject[]>;
  /** Runs a script in a pod (or in one of `deployment/<name>`) by its own shell, and gives what it printed. */
  readonly exec: (pod: string, script: string) => Promise<string>;
  /**
   * Looks again and again until `lack` finds nothing missing; what it says is shown as the reason for waiting, and
   * becomes the error's when time runs out. @default 90000 for `timeoutMs`
   */
  readonly until: (what: string, lack: () => Promise<string | undefined>, timeoutMs?: number) => Promise<void>;
  /** The error for a cluster that did something else than it should. */
  readonly disproved: (reason: string) => DroverError;
}

const pauseMs = 250;

/** Time kept back from the operation's deadline for clearing up. */
const reserveMs = 20_000;

/** Gives a proof a namespace of its own, and takes it away again, however the proof ends. */
export async function withPlayground(
  context: ApplyContext,
  { capability, image }: { readonly capability: string; readonly image: string },
  prove: (playground: Playground) => Promise<void>,
): Promise<void> {
  const namespace = `drover-verify-${capability}`;
  // One that was cut off may have left its namespace behind.
  await removeNamespace(context, namespace);
  await runKubectl(context, { args: ['create', 'namespace', namespace] });
  const playground = createPlayground(context, namespace, capability, image);
  try {
    await playground.until('the namespace to have its service account', () => lackOfServiceAccount(playground));
    await prove(playground);
  } catch (thrown) {
    const failure = await withEvidence(playground, thrown);
    // Why the proof failed is what matters now; a namespace that stays is removed by the next proof.
    await removeNamespace(context, namespace).catch((error: unknown) => context.log(messageOf(error)));
    throw failure;
  }
  await removeNamespace(context, namespace);
}

function createPlayground(context: ApplyContext, namespace: string, capability: string, image: string): Playground {
  const inside = `--namespace=${namespace}`;
  const disproved = (reason: string) =>
    agentErrors.create('capability-not-proved', { tried: `prove ${capability}`, node: context.nodeName, reason });
  return {
    context,
    namespace,
    image,
    log: context.log,
    disproved,
    apply: async (...objects) => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      await runKubectl(context, { args: [inside, 'apply', '--filename=-'], input });
    },
    kubectl: (...args) => runKubectl(context, { args: [inside, ...args], timeoutMs: 90_000 }),
    pods: async (app) => (await getObject(context, PodList, ['pods', inside, `--selector=app=${app}`]))?.items ?? [],
    exec: (pod, script) =>
      runKubectl(context, { args: [inside, 'exec', pod, '--', 'sh', '-c', script], timeoutMs: 60_000 }),
    until: (what, lack, timeoutMs = 90_000) => waitUntil(context, { what, lack, timeoutMs, disproved }),
  };
}

async function waitUntil(
  context: ApplyContext,
  wait: {
    readonly what: string;
    readonly lack: () => Promise<string | undefined>;
    readonly timeoutMs: number;
    readonly disproved: Playground['disproved'];
  },
): Promise<void> {
  const { clock } = context;
  const untilMs = Math.min(clock.now() + wait.timeoutMs, context.deadlineAt - reserveMs);
  let reported: string | undefined;
  for (;;) {
    const missing = await wait.lack();
    if (missing === undefined) break;
    if (clock.now() >= untilMs) throw wait.disproved(`waited for ${wait.what}: ${missing}`);
    if (missing !== reported) context.reportWaiting({ on: `${wait.what}: ${missing}`, untilMs });
    reported = missing;
    await clock.sleep(pauseMs, context.signal);
  }
  context.reportWaiting(undefined);
}

/** Pods are refused until the namespace's default service account is there, a moment after the namespace. */
async function lackOfServiceAccount(playground: Playground): Promise<string | undefined> {
  const found = await playground.kubectl('get', 'serviceaccount', 'default', '--ignore-not-found', '--output=name');
  return found.trim() === '' ? 'not there yet' : undefined;
}

async function removeNamespace(context: ApplyContext, namespace: string): Promise<void> {
  const args = ['delete', 'namespace', namespace, '--ignore-not-found', '--wait', '--timeout=60s'];
  await runKubectl(context, { args, timeoutMs: 70_000 });
}

/** The error with what the cluster says of the pods, while they are still there. */
async function withEvidence({ context, kubectl }: Playground, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof DroverError) || context.signal.aborted || !(await isApiReady(context))) return thrown;
  const events = await kubectl(
    'get',
    'events',
    '--sort-by=.metadata.creationTimestamp',
    '--output=custom-columns=OBJECT:.involvedObject.name,MESSAGE:.message',
    '--no-headers',
  );
  const lines = events.split('\n').filter((line) => line.trim() !== '');
  const { tried, reason, evidence } = thrown.problem;
  return agentErrors.create('capability-not-proved', {
    tried,
    node: context.nodeName,
    reason,
    evidence: [...evidence, ...lines.slice(-10)],
    cause: thrown,
  });
}
