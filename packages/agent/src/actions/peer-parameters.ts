import { isIP } from 'node:net';
import type { Fault } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import type { PeerPort } from '../host/peer-network.ts';
import { faultUnless } from './parameter-faults.ts';

type PortMessages = ActionParams<'listen-for-peers'>['ports'];

/** Whether sockets take it as it is: a name could lead anywhere. */
export function isAddress(address: string): boolean {
  return isIP(address) !== 0;
}

/** Everything that is no port. */
export function portFaults(ports: PortMessages, path: string): readonly Fault[] {
  return ports.flatMap(({ protocol, port }, i) => [
    ...faultUnless(protocol !== 'PEER_PROTOCOL_UNSPECIFIED', `${path}[${i}].protocol`, 'is neither TCP nor UDP'),
    ...faultUnless(port >= 1 && port <= 65_535, `${path}[${i}].port`, 'is no port'),
  ]);
}

/** The same as the host takes them. Their faults have been looked for. */
export function toPeerPorts(ports: PortMessages): readonly PeerPort[] {
  return ports.map(({ protocol, port }) => ({ protocol: protocol === 'UDP' ? 'udp' : 'tcp', port }));
}
