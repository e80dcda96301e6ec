import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { PeerListener, PeerListening, PeerPort } from '../peer-network.ts';
import { answerQuestion, questionBytes } from './peer-message.ts';

/** Of each TCP port at a time. */
const maximumConnections = 512;
/** How long a connection may stay. */
const connectionMs = 3_000;

/** Opens the ports, and keeps them until the signal aborts. */
export async function listenForPeers(listening: PeerListening): Promise<readonly PeerListener[]> {
  return await Promise.all(listening.ports.map((port) => openPort(listening, port)));
}

async function openPort(listening: PeerListening, { protocol, port }: PeerPort): Promise<PeerListener> {
  try {
    if (protocol === 'tcp') await openTcp(listening, everywhere(listening.address), port);
    else await Promise.all(ownAddresses(listening.address).map((address) => openUdp(listening, address, port)));
    return { protocol, port, state: 'open', reason: '' };
  } catch (error) {
    const state = codeOf(error) === 'EADDRINUSE' ? 'taken' : 'failed';
    return { protocol, port, state, reason: state === 'taken' ? 'somebody else listens there' : codeOf(error) };
  }
}

/**
 * All addresses of the machine: one that it has by mistake answers with its name too, and one that is translated on the way is on
 * none of its interfaces. Loopback alone leads nowhere else.
 */
function everywhere(address: string): string {
  if (isLoopback(address)) return address;
  return isIPv6(address) ? '::' : '0.0.0.0';
}

/** The same one by one: what answers a datagram has to be the address that it was sent to. */
function ownAddresses(address: string): readonly string[] {
  if (isLoopback(address)) return [address];
  const family = isIPv6(address) ? 'IPv6' : 'IPv4';
  // A link's own addresses mean nothing without it.
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? [])
      .filter((each) => each.family === family && !each.internal && !/^fe80:/i.test(each.address))
      .map((each) => each.address),
  );
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

async function openTcp({ key, nodeName, signal }: PeerListening, host: string, port: number): Promise<void> {
  const connections = new Set<Socket>();
  const server = createServer({ noDelay: true }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    // Whoever breaks off has nothing more to be told.
    connection.on('error', () => connection.destroy());
    connection.setTimeout(connectionMs, () => connection.destroy());
    answerConnection(connection, (question) => answerQuestion(key, nodeName, question));
  });
  server.maxConnections = maximumConnections;
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  server.on('error', () => server.close());
  onceAborted(signal, () => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
}

/** One question, of exactly its size, and one answer, or the end. */
function answerConnection(connection: Socket, answer: (question: Buffer) => Buffer | undefined): void {
  let received = Buffer.alloc(0);
  connection.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < questionBytes) return;
    const reply = received.length === questionBytes ? answer(received) : undefined;
    if (reply === undefined) connection.destroy();
    else connection.end(reply);
  });
}

async function openUdp({ key, nodeName, signal }: PeerListening, address: string, port: number): Promise<void> {
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  // An answer that cannot be sent is one that is lost.
  socket.on('error', () => undefined);
  socket.on('message', (question, sender) => {
    const reply = answerQuestion(key, nodeName, question);
    if (reply !== undefined) socket.send(reply, sender.port, sender.address, () => undefined);
  });
  onceAborted(signal, () => socket.close());
}

function onceAborted(signal: AbortSignal, callBack: () => void): void {
  if (signal.aborted) callBack();
  else signal.addEventListener('abort', callBack, { once: true });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
