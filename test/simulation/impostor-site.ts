import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type AgentIdentity, type CoordinatorStream, keepSession } from '@drover/agent/simulation';
import { createEnrollmentFixture, type Means, machineOne, toServiceError } from '@drover/coordinator/simulation';
import { generateKeyPair, type KeyPair, silentLogger } from '@drover/core';
import type { AgentFrame, CoordinatorFrame, MachineAccount } from '@drover/proto';

/** What a machine has on its disk, and what a copy of it takes along. */
export interface MachineDisk {
  identity: AgentIdentity;
  sequence: number;
}

/** An agent at work on a disk. */
export interface RunningAgent {
  /** How the coordinator turned it away for good; undefined while it has not. */
  code(): string | undefined;
  stop(): void;
}

/** A coordinator's own parts and agents' own sessions, over streams in memory and a clock that is moved. */
export async function createImpostorSite(t: TestContext) {
  const fixture = await createEnrollmentFixture(t);
  const { clock, sessions, claims } = fixture;

  /** Time goes by until it is so. */
  async function until(isSo: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < 20_000; turn += 1) {
      if (isSo()) return;
      await clock.advance(5);
      await setImmediate();
    }
    throw new Error(`never came: ${what}`);
  }

  async function settle<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const note = (): void => void (isSettled = true);
    promise.then(note, note);
    await until(() => isSettled, 'an answer');
    return await promise;
  }

  async function codeOf(promise: Promise<unknown>): Promise<string> {
    try {
      await settle(promise);
      return 'ok';
    } catch (error) {
      return (error as { readonly code?: string }).code ?? String(error);
    }
  }

  async function enrol(means: Means, { keys = generateKeyPair(), machine = machineOne }: EnrolOptions = {}) {
    const { nodeId, nodeName, incarnation, certificate, caCertificate } = await settle(
      fixture.enrol(keys, means, machine),
    );
    const identity = {
      nodeId,
      nodeName,
      incarnation,
      certificate,
      caCertificate,
      keys,
      tokenId: '',
      isConfirmed: true,
    };
    return { identity, sequence: 0 } satisfies MachineDisk;
  }

  function boot(disk: MachineDisk, account: MachineAccount = machineOne): RunningAgent {
    const stopping = new AbortController();
    let code: string | undefined;
    const { identity } = disk;
    const endpoint = { host: 'coordinator', port: 1 };
    keepSession(
      {
        coordinators: [{ enrollment: endpoint, session: endpoint }],
        identity: {
          current: () => identity,
          replaceCertificate: async (given) => given,
          renewExpired: async () => undefined,
        },
        operations: idle,
        epochs: { known: async () => undefined, accept: async () => undefined },
        sequence: {
          last: async () => disk.sequence,
          keep: async (_node, sequence) => void (disk.sequence = sequence),
        },
        introduce: async ({ nodeId, incarnation }) => ({
          ...{ nodeId, incarnation, agentVersion: '', bootId: '', machineId: '', factsDigest: '', operationIds: [] },
          account,
        }),
        dial: () => dial(identity),
        ...{ clock, logger: silentLogger(), random: () => 0 },
      },
      stopping.signal,
    ).then(
      (rejection) => {
        code = (rejection.cause as { readonly code?: string } | undefined)?.code ?? rejection.code;
      },
      () => undefined,
    );
    return { code: () => code, stop: () => stopping.abort(new Error('power off')) };
  }

  function dial({ nodeId, incarnation, keys }: AgentIdentity): CoordinatorStream {
    const toCoordinator = createPipe<AgentFrame>();
    const toAgent = createPipe<CoordinatorFrame>();
    const publicKey = Buffer.from(keys.publicKey).toString('base64');
    const peer = { nodeId, incarnation, publicKey, address: 'here' };
    sessions.serve({ peer, frames: toCoordinator.frames, send: toAgent.push }).then(
      () => toAgent.end(),
      (error: unknown) => toAgent.end(toServiceError(error, silentLogger())),
    );
    return { frames: toAgent.frames, send: toCoordinator.push, close: () => toCoordinator.end() };
  }

  const isConnected = (nodeId: string): boolean => sessions.nodes.find(nodeId) !== undefined;

  /** A session from its beginning to its end, as often as told. */
  async function serveSessions(disk: MachineDisk, count: number): Promise<void> {
    const { nodeId } = disk.identity;
    for (let done = 0; done < count; done += 1) {
      const before = disk.sequence;
      const agent = boot(disk);
      await until(() => isConnected(nodeId) && disk.sequence > before, 'a session');
      agent.stop();
      await until(() => !isConnected(nodeId), 'the end of a session');
    }
  }

  const claimOf = async (keys: KeyPair) => {
    const publicKey = Buffer.from(keys.publicKey).toString('base64');
    return (await claims.list()).find((claim) => claim.publicKey === publicKey);
  };

  return { ...fixture, until, settle, codeOf, enrol, boot, serveSessions, isConnected, claimOf };
}

interface EnrolOptions {
  readonly keys?: KeyPair;
  readonly machine?: MachineAccount;
}

const idle = {
  accept: async () => undefined,
  attach: () => false,
  cancel: () => undefined,
  acknowledge: async () => undefined,
  pending: () => [],
  close: async () => undefined,
};

function createPipe<Message>() {
  const waiting: Message[] = [];
  let wake = (): void => undefined;
  let end: { readonly error?: Error } | undefined;
  return {
    push: (message: Message): void => {
      waiting.push(message);
      wake();
    },
    end: (error?: Error): void => {
      end ??= error === undefined ? {} : { error };
      wake();
    },
    frames: {
      next: async (): Promise<IteratorResult<Message, undefined>> => {
        for (;;) {
          const message = waiting.shift();
          if (message !== undefined) return { done: false, value: message };
          if (end?.error !== undefined) throw end.error;
          if (end !== undefined) return { done: true, value: undefined };
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    },
  };
}
