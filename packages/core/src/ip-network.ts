/** A network of IPv4 addresses. */
export interface IpNetwork {
  /** The first address, as a number. */
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** The network that a CIDR names, host bits ignored as Kubernetes does; undefined when it is not one of IPv4. */
export function parseNetwork(cidr: string): IpNetwork | undefined {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const number = parseAddress(address);
  const prefixLength = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (number === undefined || prefixLength > 32 || rest.length > 0) return undefined;
  const size = 2 ** (32 - prefixLength);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1, prefixLength };
}

/** An IPv4 address in dotted form as a number; undefined when it is none. */
export function parseAddress(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

/** Whether any address is in both. */
export function overlaps(a: IpNetwork, b: IpNetwork): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether the network has the address; false for what is no IPv4 address. */
export function contains(network: IpNetwork, address: string): boolean {
  const number = parseAddress(address);
  return number !== undefined && number >= network.first && number <= network.last;
}

/** Whether an address or a network, in text, is within another. */
export function covers(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const network = parseNetwork(outer);
  const [address = '', length = '32'] = inner.split('/');
  return network !== undefined && network.prefixLength <= Number(length) && contains(network, address);
}
