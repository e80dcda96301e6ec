import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { PeerProbe, PeerTargets, PeerTarget as Target } from '../peer-network.ts';
import { openExchange } from './datagram-exchange.ts';
import { startTimeLimit, type TimeLimit } from './patience.ts';
import { formatQuestion, isUnfinished, questionBytes, readAnswer } from './peer-message.ts';

/** A SYN is sent again after one second: one may be lost. */
const connectMs = 2_500;
/** An answer takes as long as the connection did, and the listener's turn. */
const answerMs = 2_000;
/** How long each datagram is waited for before the next is sent. */
const datagramIntervalsMs = [400, 800, 1_300] as const;

const mute = 'it accepts connections, and says nothing';

type PeerTarget = Target & Omit<PeerTargets, 'targets'>;

/** Tries one port of another machine. */
export async function probePeer(target: PeerTarget): Promise<PeerProbe> {
  target.signal.throwIfAborted();
  if (target.protocol === 'udp') return await probeUdp(target);
  const found = await probeTcp(target);
  // The kernel has accepted: a listener that is too busy to answer is asked once more.
  return found.reason === mute ? await probeTcp(target) : found;
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
  const limit = startTimeLimit(connectMs, () =>
    found.resolve({ ...silent, reason: `no answer within ${connectMs} ms` }),
  );
  let silence: TimeLimit | undefined;
  socket.on('connect', () => {
    latencyMs = elapsedMs();
    limit.cancel();
    silence = startTimeLimit(answerMs, () => other(mute));
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
    limit.cancel();
    silence?.cancel();
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
  const since = performance.now();
  const exchange = await openExchange({ key, address, port });
  try {
    for (const intervalMs of datagramIntervalsMs) {
      const found = await exchange.ask(questionBytes, intervalMs, signal);
      const { kind } = found;
      if (kind === 'answered') return { outcome: kind, latencyMs: found.latencyMs, answeredBy: found.by, reason: '' };
      if (kind === 'failed') return failed(found.error, performance.now() - since);
    }
    return { ...silent, reason: `no answer to ${datagramIntervalsMs.length} datagrams` };
  } finally {
    exchange.close();
  }
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
