import { Server as TlsServer } from 'node:tls';
import { type Endpoint, formatEndpoint, messageOf } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { ServerIdentity } from '../identity/server-identity.ts';
import { createApi } from './api.ts';
import type { ApiDependencies } from './dependencies.ts';

/** The API on its socket. */
export interface ApiListener {
  readonly port: number;
  /** Ends what is being answered and refuses the rest. */
  close(): Promise<void>;
}

/** Listens with the coordinator's certificate, and with each later one. Throws `port-in-use`. */
export async function serveApi(
  dependencies: ApiDependencies,
  { identity, address }: { readonly identity: ServerIdentity; readonly address: Endpoint },
): Promise<ApiListener> {
  const api = await createApi(dependencies, identity.current());
  const closing = new AbortController();
  const { server } = api;
  identity.onRenewal(({ chain, privateKey }) => {
    if (server instanceof TlsServer) server.setSecureContext({ cert: chain, key: privateKey.reveal() });
  }, closing.signal);
  const close = async (): Promise<void> => {
    closing.abort();
    await api.close();
  };
  try {
    await api.listen({ host: address.host, port: address.port });
  } catch (cause) {
    await close();
    const tried = `listen for the REST API on ${formatEndpoint(address)}`;
    throw coordinatorErrors.create('port-in-use', { tried, reason: messageOf(cause), cause });
  }
  const bound = server.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : address.port, close };
}
