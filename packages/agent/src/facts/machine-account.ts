import type { Facts, MachineAccount } from '@drover/proto';

/** What facts say of which machine this is. It helps to find the node that it may be; it proves nothing. */
export function machineAccountOf({ host, membership }: Facts): MachineAccount {
  return {
    productUuid: host.productUuid ?? '',
    boardSerial: host.boardSerial ?? '',
    macs: host.deviceMacs,
    hostname: host.hostname,
    machineId: host.machineId ?? '',
    bootId: host.bootId ?? '',
    holdsClusterState: membership.kubeletConfigured || membership.controlPlane || membership.etcdData,
  };
}
