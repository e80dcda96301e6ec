import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { startTimeLimit } from './patience.ts';
import { formatQuestion, readAnswer } from './peer-message.ts';

/** What came back. */
export type Answering =
  | { readonly kind: 'answered'; readonly by: string; readonly latencyMs: number; readonly sizeBytes: number }
  | { readonly kind: 'silence' }
  /** The network has said something: an error of the socket. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Datagrams to and from one port of one machine. An answer counts however late it is. */
export interface DatagramExchange {
  /** Sends a question of this size, and waits for the answer to any. */
  ask(sizeBytes: number, waitMs: number, signal: AbortSignal): Promise<Answering>;
  /** Sends a question of each size at once, and waits the whole time: the largest that was answered. */
  askAll(sizes: readonly number[], waitMs: number, signal: AbortSignal): Promise<Answering>;
  close(): void;
}

/** Which machine, and by which key it is to know us. */
export interface ExchangePlace {
  readonly key: Uint8Array;
  readonly address: string;
  readonly port: number;
}

type Answered = Extract<Answering, { readonly kind: 'answered' }>;

/** By a connected socket: the kernel then tells of a port that is closed, and drops what others send. */
export async function openExchange({ key, address, port }: ExchangePlace): Promise<DatagramExchange> {
  const asked: { readonly challenge: Uint8Array; readonly sizeBytes: number; readonly sentAt: number }[] = [];
  let largest: Answered | undefined;
  let fault: { readonly error: unknown } | undefined;
  let heard = (): void => undefined;
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const connected = Promise.withResolvers<void>();
  const fail = (error: unknown): void => {
    fault ??= { error };
    connected.resolve();
    heard();
  };
  socket.on('error', fail);
  socket.on('message', (answer) => {
    for (const { challenge, sizeBytes, sentAt } of asked) {
      const by = readAnswer(key, challenge, answer);
      if (by === undefined || (largest !== undefined && largest.sizeBytes >= sizeBytes)) continue;
      largest = { kind: 'answered', by, sizeBytes, latencyMs: performance.now() - sentAt };
    }
    heard();
  });
  socket.connect(port, address, () => connected.resolve());
  await connected.promise;

  const send = (sizeBytes: number): void => {
    const challenge = randomBytes(16);
    asked.push({ challenge, sizeBytes, sentAt: performance.now() });
    socket.send(formatQuestion(key, challenge, sizeBytes), (error) => error && fail(error));
  };
  const state = (): Answering => largest ?? (fault === undefined ? { kind: 'silence' } : { kind: 'failed', ...fault });
  const wait = async (waitMs: number, signal: AbortSignal, isEnough: () => boolean): Promise<Answering> => {
    const over = Promise.withResolvers<void>();
    const stop = (): void => over.reject(signal.reason);
    const limit = startTimeLimit(waitMs, over.resolve);
    signal.addEventListener('abort', stop, { once: true });
    heard = () => isEnough() && over.resolve();
    heard();
    try {
      signal.throwIfAborted();
      await over.promise;
      return state();
    } finally {
      limit.cancel();
      signal.removeEventListener('abort', stop);
      heard = () => undefined;
    }
  };
  return {
    ask: async (sizeBytes, waitMs, signal) => {
      send(sizeBytes);
      return await wait(waitMs, signal, () => state().kind !== 'silence');
    },
    askAll: async (sizes, waitMs, signal) => {
      for (const size of sizes) send(size);
      return await wait(waitMs, signal, () => largest?.sizeBytes === Math.max(...sizes));
    },
    close: () => socket.close(),
  };
}
