import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type SecureContext } from 'node:tls';
import { type Endpoint, formatEndpoint, formatPrivateKey } from '@drover/core';
import { type ChannelCredentials, type ClientOptions, credentials } from '@grpc/grpc-js';
import type { AgentIdentity } from './agent-identity.ts';

/** A generated client of one service. */
type ClientType<Client> = new (address: string, credentials: ChannelCredentials, options: ClientOptions) => Client;

/** No proxy, no retries of gRPC's own, no connection shared with an earlier identity. */
const channelOptions: ClientOptions = {
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};

/** Said in place of an address, which TLS does not allow as a server name (RFC 6066 section 3); nobody looks it up. */
const nameOfAddress = 'coordinator.drover.invalid';

/**
 * A client over TLS 1.3 that trusts one CA (PEM) and nothing else, checks that the certificate is for the host it dials,
 * and shows the agent's own certificate when it is given one. Dials at the first call.
 */
export function createPinnedClient<Client>(
  clientType: ClientType<Client>,
  endpoint: Endpoint,
  caCertificate: string,
  identity?: AgentIdentity,
): Client {
  const { host } = endpoint;
  const pinned = credentials.createFromSecureContext(createContext(caCertificate, identity), {
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
  const named = isIP(host) === 0 ? {} : { 'grpc.ssl_target_name_override': nameOfAddress };
  return new clientType(formatEndpoint(endpoint), pinned, { ...channelOptions, ...named });
}

function createContext(ca: string, identity: AgentIdentity | undefined): SecureContext {
  const minVersion = 'TLSv1.3' as const;
  if (identity === undefined) return createSecureContext({ ca, minVersion });
  const key = formatPrivateKey(identity.keys.privateKey).reveal();
  return createSecureContext({ ca, minVersion, cert: identity.certificate, key });
}
