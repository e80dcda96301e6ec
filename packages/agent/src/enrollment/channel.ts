import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { formatPrivateKey } from '@drover/core';
import { type ChannelCredentials, type ClientOptions, credentials } from '@grpc/grpc-js';
import type { AgentIdentity } from './agent-identity.ts';

/** TLS 1.3 that trusts one CA and nothing else, with the agent's certificate when it has one to show. */
export function pinnedCredentials(caCertificate: string, identity?: AgentIdentity): ChannelCredentials {
  return credentials.createFromSecureContext(pinnedContext(caCertificate, identity));
}

function pinnedContext(ca: string, identity: AgentIdentity | undefined): SecureContext {
  const minVersion = 'TLSv1.3' satisfies ConnectionOptions['minVersion'];
  if (identity === undefined) return createSecureContext({ ca, minVersion });
  const key = formatPrivateKey(identity.keys.privateKey).reveal();
  return createSecureContext({ ca, minVersion, cert: identity.certificate, key });
}

/** How the agent's channels behave: no proxy, no retries of their own, no connection shared with an earlier identity. */
export const channelOptions: ClientOptions = {
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};
