import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { formatPrivateKey } from '@drover/core';
import { type ChannelCredentials, type ClientOptions, credentials } from '@grpc/grpc-js';
import type { AgentIdentity } from './agent-identity.ts';

/** `host:port` of a coordinator's listener, as agent.yaml writes it. */
export interface Endpoint {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

const form = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]\s]+)):(?<port>[0-9]{1,5})$/;

/** Reads `host:port` or `[ipv6]:port`; undefined when the text is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const { ipv6, host = ipv6, port } = form.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}

/** As gRPC and people write it. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

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
