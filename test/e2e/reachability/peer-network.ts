import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeSessions, OperationOutcome } from '@drover/coordinator/testing';
import { execa } from 'execa';
import { formatLine, type PeerReply } from './peer-lines.ts';

/** Machines with an agent's actions each, on a network of their own: namespaces around a bridge. */
export interface PeerNetwork {
  /** The way to the machines: a node's id is its name. */
  readonly sessions: Pick<NodeSessions, 'run'>;
  /** Runs a command in a machine's namespace; `switch` is the bridge's. */
  inside(machine: string, ...command: readonly [string, ...string[]]): Promise<string>;
  /** The port of a machine at the bridge. */
  portOf(machine: string): string;
  /** A service of a machine that knows nothing of surveys. Resolves when it listens. */
  serve(machine: string, port: number): Promise<{ stop(): Promise<void> }>;
  /** Ends the agents and removes the namespaces, as far as there are any. */
  remove(): Promise<void>;
}

/** As namespaces are called; others' are left alone. */
const prefix = `drvreach${process.pid}`;
const namespaceOf = (machine: string): string => `${prefix}-${machine}`;

/** Makes a machine for each address, all in one /24, which reach each other. */
export async function createPeerNetwork(addresses: Readonly<Record<string, string>>): Promise<PeerNetwork> {
  const machines = Object.keys(addresses);
  const agents = new Map<string, Agent>();
  const remove = async (): Promise<void> => {
    await Promise.all([...agents.values()].map((agent) => agent.stop()));
    const names = [...machines, 'switch'].map(namespaceOf);
    await Promise.all(names.map((name) => execa('ip', ['netns', 'delete', name], { reject: false, timeout: 10_000 })));
  };
  const portOf = (machine: string): string => `port${machines.indexOf(machine)}`;
  try {
    await ip('netns', 'add', namespaceOf('switch'));
    await inside('switch', 'ip', 'link', 'add', 'bridge0', 'type', 'bridge');
    await inside('switch', 'ip', 'link', 'set', 'bridge0', 'up');
    for (const [machine, address] of Object.entries(addresses)) await plugIn(machine, address, portOf(machine));
    for (const machine of machines) agents.set(machine, startAgent(machine));
    await Promise.all([...agents.values()].map(({ ready }) => ready));
  } catch (error) {
    await remove();
    throw error;
  }
  const run: NodeSessions['run'] = async (nodeId, request, options) => {
    const agent = agents.get(nodeId);
    if (agent === undefined) throw new RangeError(`there is no machine ${nodeId}`);
    return await agent.run(request, options);
  };
  return { sessions: { run }, inside, portOf, serve, remove };
}

async function plugIn(machine: string, address: string, port: string): Promise<void> {
  const [there, at] = [namespaceOf(machine), namespaceOf('switch')];
  await ip('netns', 'add', there);
  await ip('link', 'add', port, 'netns', at, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', there);
  await inside('switch', 'ip', 'link', 'set', port, 'master', 'bridge0', 'up');
  await inside(machine, 'ip', 'link', 'set', 'lo', 'up');
  await inside(machine, 'ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
  await inside(machine, 'ip', 'link', 'set', 'eth0', 'up');
}

async function ip(...argumentList: readonly string[]): Promise<void> {
  await execa('ip', argumentList, { timeout: 10_000 });
}

async function inside(machine: string, ...command: readonly [string, ...string[]]): Promise<string> {
  const { stdout } = await execa('ip', ['netns', 'exec', namespaceOf(machine), ...command], { timeout: 10_000 });
  return stdout;
}

async function serve(machine: string, port: number): Promise<{ stop(): Promise<void> }> {
  const text = `require('net').createServer((s) => s.end('hello')).listen(${port}, '0.0.0.0', () => console.log('ready'))`;
  const child = spawn('ip', ['netns', 'exec', namespaceOf(machine), process.execPath, '-e', text], { stdio: 'pipe' });
  await once(child.stdout, 'data');
  return { stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

interface Agent {
  readonly ready: Promise<void>;
  run(...given: OfMachine): Promise<OperationOutcome>;
  stop(): Promise<void>;
}

type OfMachine = Parameters<NodeSessions['run']> extends [string, ...infer Rest] ? Rest : never;

function startAgent(machine: string): Agent {
  const program = join(import.meta.dirname, 'peer-agent.ts');
  const argv = ['netns', 'exec', namespaceOf(machine), process.execPath, program, machine];
  const child: ChildProcess = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiters = new Map<string, (reply: Exclude<PeerReply, { kind: 'ready' }>) => void>();
  if (child.stdout === null || child.stdin === null) throw new TypeError('an agent without pipes');
  const { stdin } = child;
  const ready = Promise.withResolvers<void>();
  child.once('exit', () => ready.reject(new Error(`the agent of ${machine} has ended`)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = JSON.parse(line) as PeerReply;
    if (reply.kind === 'ready') ready.resolve();
    else waiters.get(reply.operationId)?.(reply);
  });
  return {
    ready: ready.promise,
    run: async ({ operationId, call, timeoutMs }, { signal, observer }) => {
      const ended = Promise.withResolvers<OperationOutcome>();
      const now = Date.now();
      waiters.set(operationId, (reply) => {
        if (reply.kind === 'waiting')
          observer?.onProgress?.({ message: '', waitingOn: { on: 'peers', sinceMs: now, untilMs: now + timeoutMs } });
        else if (reply.kind === 'failure') ended.reject(new Error(reply.reason));
        else
          ended.resolve({
            kind: 'answer',
            document: JSON.parse(reply.json),
            startedAt: now,
            finishedAt: now,
            commandMs: 0,
          });
      });
      const cancel = (): boolean => stdin.write(`${formatLine({ kind: 'cancel', operationId })}\n`);
      signal.addEventListener('abort', cancel, { once: true });
      stdin.write(`${formatLine({ kind: 'call', operationId, call, timeoutMs })}\n`);
      try {
        return await ended.promise;
      } finally {
        signal.removeEventListener('abort', cancel);
        waiters.delete(operationId);
      }
    },
    stop: () => end(child),
  };
}
