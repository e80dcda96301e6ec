import { isIP } from 'node:net';

/** Where someone listens, or dials. */
export interface Endpoint {
  /** A name or an address; without the brackets of an IPv6 address. */
  readonly host: string;
  /** 0 lets a listener take a free one. */
  readonly port: number;
}

const form = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]\s]+)):(?<port>[0-9]{1,5})$/;

/** Reads `host:port` or `[ipv6]:port`; undefined when the text is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const { ipv6, host = ipv6, port } = form.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}

/** `host:port`, as gRPC, URLs and people write it. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
