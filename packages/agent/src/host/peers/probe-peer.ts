import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { PeerProbe, PeerTargets, PeerTarget as Target } from '../peer-network.ts';
import { formatQuestion, isUnfinished, readAnswer } from './peer-message.ts';

/** A SYN is sent again after one second: one may be lost. */
const connectMs = 2_500;
/** An answer takes as long as the connection did, and the listener's turn. */
const answerMs = 1_500;
/** When a datagram is sent again, each time counted from the last. */
const datagramIntervalsMs = [300, 700, 1_500] as const;

type PeerTarget = Target & Omit<PeerTargets, 'targets'>;

/** Tries one port of another machine. */
export async function probePeer(target: PeerTarget): Promise<PeerProbe> {
  target.signal.throwIfAborted();
  return await (target.protocol === 'tcp' ? probeTcp(target) : probeUdp(target));
}

async function probeTcp({ key, address, port, signal }: PeerTarget): Promise<PeerProbe> {
  const socket = connect({ host: address, port, noDelay: true });
  const since = performance.now();
  const elapsedMs = (): number => performance.now() - since;
  const challenge = randomBytes(16);
  const found = Promise.withResolvers<PeerProbe>();
  let latencyMs: number | undefined;
  const other = (reason: string): void =>
    found.resolve({ ...silent, outcome: 'other', latencyMs: latencyMs ?? 0, reason });
  const stop = (): void => found.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => found.resolve({ ...silent, reason: `no answer within ${connectMs} ms` }), connectMs);
  let silence: NodeJS.Timeout | undefined;
  socket.on('connect', () => {
    latencyMs = elapsedMs();
    clearTimeout(timer);
    silence = setTimeout(() => other('it accepts connections, and does not know the survey'), answerMs);
    socket.write(formatQuestion(key, challenge));
  });
  receiveAnswer(socket, (answer) => {
    const answeredBy = readAnswer(key, challenge, answer);
    if (answeredBy === undefined) other('it answers, and does not know the survey');
    else found.resolve({ outcome: 'answered', latencyMs: latencyMs ?? elapsedMs(), answeredBy, reason: '' });
  });
  socket.on('error', (error) => {
    if (latencyMs === undefined) found.resolve(failed(error, elapsedMs()));
    else other(`it accepts connections, and broke this one off (${codeOf(error)})`);
  });
  try {
    return await found.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    clearTimeout(silence);
    socket.destroy();
  }
}

/** Calls back once: when an answer is complete, or nothing more comes. */
function receiveAnswer(socket: Socket, callBack: (answer: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (!isUnfinished(received)) callBack(received);
  });
  socket.on('end', () => callBack(received));
}

async function probeUdp({ key, address, port, signal }: PeerTarget): Promise<PeerProbe> {
  const exchange = await openExchange({ key, address, port });
  try {
    const since = performance.now();
    for (const intervalMs of datagramIntervalsMs) {
      const sentAt = performance.now();
      const found = await exchange.ask([undefined], intervalMs, signal);
      const latencyMs = performance.now() - sentAt;
      if (found.kind === 'answered') return { outcome: 'answered', latencyMs, answeredBy: found.by, reason: '' };
      if (found.kind === 'failed') return failed(found.error, performance.now() - since);
    }
    return { ...silent, reason: `no answer to ${datagramIntervalsMs.length} datagrams` };
  } finally {
    exchange.close();
  }
}

/** How questions that were sent together were answered. */
export type Answering =
  /** `largest` of the sizes that were answered, where sizes were given. */
  | { readonly kind: 'answered'; readonly by: string; readonly largest: number | undefined }
  | { readonly kind: 'silence' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Datagrams to and from one port of one machine. */
export interface DatagramExchange {
  /**
   * Sends a question of each size (undefined: the smallest), and waits for their answers: for a single one until it is there, for
   * several until the time is over.
   */
  ask(sizes: readonly (number | undefined)[], waitMs: number, signal: AbortSignal): Promise<Answering>;
  close(): void;
}

/** A connected socket: the kernel then tells of a port that is closed, and drops what others send. */
export async function openExchange({
  key,
  address,
  port,
}: Pick<PeerTarget, 'key' | 'address' | 'port'>): Promise<DatagramExchange> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const connected = Promise.withResolvers<unknown>();
  let fail = (error: unknown): void => connected.resolve(error);
  socket.on('error', (error) => fail(error));
  socket.connect(port, address, () => connected.resolve(undefined));
  const fault = await connected.promise;
  return {
    ask: async (sizes, waitMs, signal) => {
      if (fault !== undefined) return { kind: 'failed', error: fault };
      const found = Promise.withResolvers<Answering>();
      fail = (error) => found.resolve({ kind: 'failed', error });
      const questions = sizes.map((size) => ({ size, challenge: randomBytes(16) }));
      let best: Extract<Answering, { kind: 'answered' }> | undefined;
      const hear = (answer: Buffer): void => {
        for (const { size, challenge } of questions) {
          const by = readAnswer(key, challenge, answer);
          if (by === undefined) continue;
          if ((size ?? 0) >= (best?.largest ?? 0)) best = { kind: 'answered', by, largest: size };
          if (questions.length === 1) found.resolve(best ?? { kind: 'silence' });
        }
      };
      socket.on('message', hear);
      const waiting = new AbortController();
      const over = delay(waitMs, undefined, { signal: AbortSignal.any([signal, waiting.signal]) });
      over.then(
        () => found.resolve(best ?? { kind: 'silence' }),
        () => (signal.aborted ? found.reject(signal.reason) : undefined),
      );
      for (const { size, challenge } of questions)
        socket.send(formatQuestion(key, challenge, size), (error) => error && fail(error));
      try {
        return await found.promise;
      } finally {
        waiting.abort();
        socket.off('message', hear);
        fail = () => undefined;
      }
    },
    close: () => socket.close(),
  };
}

const silent = { outcome: 'dropped', latencyMs: null, answeredBy: null } as const;

/** What the network says: a firewall that rejects, a missing route, a neighbour that is not there. connect(2), udp(7). */
function failed(error: unknown, latencyMs: number): PeerProbe {
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') return { ...silent, reason: code };
  const outcome = code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'unreachable';
  return { outcome, latencyMs, answeredBy: null, reason: code };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
