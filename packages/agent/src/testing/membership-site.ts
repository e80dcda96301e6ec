import type { TestContext } from 'node:test';
import type { ActionCall, ActionParams } from '@drover/proto';
import { mintJoinCredentials } from '../actions/mint-join-credentials.ts';
import type { Host } from '../host/host.ts';
import { createOperationHost } from '../operations/operation-host.ts';
import { type ActionContext, runAction } from '../operations/run-action.ts';
import { actionPorts, createInstantClock } from './action-context.ts';
import { prepareMachine } from './prepare-machine.ts';
import { createSimulatedSite } from './simulated-site.ts';

/** A control-plane machine and a worker, fit for kubeadm, and what a bring-up does with them. */
export interface MembershipSite {
  readonly controlPlane: ActionContext;
  readonly worker: ActionContext;
  /** The arguments of every kubeadm that was run, on either machine. */
  readonly kubeadmRuns: readonly string[];
  /** Does `init-control-plane`; cut off as soon as kubeadm prints a line with `cutAt` in it. */
  init(cutAt?: string): Promise<boolean>;
  /** Mints and does `join-node`; cut off likewise. */
  join(cutAt?: string): Promise<boolean>;
}

/** Makes the site, and removes it when the test ends. */
export async function createMembershipSite(test: TestContext): Promise<MembershipSite> {
  const site = await createSimulatedSite(['control-plane-1', 'worker-1'], createInstantClock(Date.UTC(2026, 0)));
  test.after(() => site.remove());
  const kubeadmRuns: string[] = [];
  const [controlPlane, worker] = ['control-plane-1', 'worker-1'].map((name) =>
    recorded(site.context(name), kubeadmRuns),
  );
  if (controlPlane === undefined || worker === undefined) throw new RangeError('the site has two machines');
  for (const { host } of [controlPlane, worker]) await prepareMachine(host);
  return {
    controlPlane,
    worker,
    kubeadmRuns,
    init: (cutAt) => act({ name: 'init-control-plane', params: initParams }, controlPlane, cutAt),
    join: async (cutAt) => act({ name: 'join-node', params: await mintFor(controlPlane) }, worker, cutAt),
  };
}

function recorded(context: ActionContext, kubeadmRuns: string[]): ActionContext {
  const run: Host['run'] = (command) => {
    if (command.argv[0] === 'kubeadm')
      kubeadmRuns.push(
        command.argv
          .slice(1)
          .filter((arg) => !arg.startsWith('-'))
          .join(' '),
      );
    return context.host.run(command);
  };
  return { ...context, host: { ...context.host, run } };
}

/** By the runner; true when something was changed. */
async function act(
  call: Extract<ActionCall, { name: 'init-control-plane' | 'join-node' }>,
  context: ActionContext,
  cutAt: string | undefined,
): Promise<boolean> {
  const cut = new AbortController();
  const log = (line: string) => {
    if (cutAt !== undefined && line.includes(cutAt)) cut.abort(new Error('cut off'));
  };
  const host = createOperationHost(context.host, { clock: context.clock, signal: cut.signal }).host;
  const bound = { ...context, host, log, signal: cut.signal, deadlineAt: context.clock.now() + 600_000 };
  const { completion } = await runAction(actionPorts, bound, { mode: 'RUN', call });
  return completion?.changed ?? false;
}

const initParams = {
  kubeadmConfig: [
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"InitConfiguration","nodeRegistration":{"name":"control-plane-1"}}',
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"ClusterConfiguration","kubernetesVersion":"v1.20.2","controlPlaneEndpoint":"cluster-endpoint:6443"}',
  ].join('\n---\n'),
  ignoredPreflightErrors: [],
  patches: [],
  skippedPhases: ['addon/coredns'],
};

async function mintFor(controlPlane: ActionContext): Promise<ActionParams<'join-node'>> {
  const nodeName = 'worker-1';
  const recipient = { recipientCertificate: '', recipientNodeId: nodeName, recipientIncarnation: 1 };
  const { secret } = await mintJoinCredentials.mint(controlPlane, { ...recipient, nodeName, ttlMs: 900_000 });
  const kubeadmConfig =
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"JoinConfiguration","nodeRegistration":{"name":"worker-1"}}';
  return {
    nodeName,
    kubeadmConfig,
    ignoredPreflightErrors: [],
    patches: [],
    sealedCredentials: Buffer.from(secret.reveal()),
    caHash: '',
  };
}
