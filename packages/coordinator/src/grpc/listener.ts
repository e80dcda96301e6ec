import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { type Endpoint, formatEndpoint, messageOf } from '@drover/core';
import { type ConnectionInjector, Server, type ServerOptions } from '@grpc/grpc-js';
import { coordinatorErrors } from '../errors.ts';
import type { ServerIdentity } from '../identity/server-identity.ts';
import { RenewableServerCredentials } from './server-credentials.ts';

/** A bound listener. */
export interface Listener {
  readonly port: number;
  /** Refuses new connections and ends the ones there are. */
  close(): Promise<void>;
}

/** What makes one listener differ from another. */
export interface ListenerOptions {
  /** For error messages: "node sessions". */
  readonly purpose: string;
  readonly address: Endpoint;
  readonly identity: ServerIdentity;
  /** PEM of the CA that clients must have a certificate of; none are asked for when absent. */
  readonly clientCa?: string;
  /** Connections beyond this many are closed as they come. */
  readonly maximumConnections: number;
  readonly serverOptions: ServerOptions;
  readonly addServices: (server: Server) => void;
}

/**
 * Binds a gRPC server over TLS. The sockets are accepted here and handed on, since grpc-js knows no cap on connections.
 * Throws `port-in-use` when the address cannot be bound.
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const server = new Server(options.serverOptions);
  options.addServices(server);
  const credentials = new RenewableServerCredentials(options.identity.current(), options.clientCa);
  const closing = new AbortController();
  options.identity.onRenewal((certificate) => credentials.renew(certificate), closing.signal);
  const injector = server.createConnectionInjector(credentials);
  const sockets = new Set<Socket>();
  const acceptor = accept(injector, sockets, options.maximumConnections);
  await bind(acceptor, options);
  return {
    port: boundPort(acceptor),
    close: async () => {
      closing.abort();
      const closed = new Promise((resolve) => acceptor.close(resolve));
      server.forceShutdown();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function accept(injector: ConnectionInjector, sockets: Set<Socket>, maximumConnections: number): NetServer {
  const acceptor = createServer((socket) => {
    sockets.add(socket);
    // A peer may go at any time; the streams above learn of it by themselves.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    injector.injectConnection(socket);
  });
  acceptor.maxConnections = maximumConnections;
  return acceptor;
}

async function bind(acceptor: NetServer, { address, purpose }: ListenerOptions): Promise<void> {
  const listening = Promise.withResolvers<void>();
  acceptor.once('error', listening.reject);
  acceptor.listen({ host: address.host, port: address.port }, listening.resolve);
  try {
    await listening.promise;
  } catch (cause) {
    throw coordinatorErrors.create('port-in-use', {
      tried: `listen for ${purpose} on ${formatEndpoint(address)}`,
      reason: messageOf(cause),
      cause,
    });
  }
  acceptor.off('error', listening.reject);
}

function boundPort(acceptor: NetServer): number {
  const bound = acceptor.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
