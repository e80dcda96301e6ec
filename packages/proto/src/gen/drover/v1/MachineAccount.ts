// Original file: proto/drover/v1/machine.proto


/**
 * What a machine says of itself. It helps to find the node that it may be, and is shown to people; it authorises nothing,
 * whatever it says. A text is empty where the machine does not know.
 */
export interface MachineAccount {
  /**
   * Of SMBIOS.
   */
  'productUuid'?: (string);
  'boardSerial'?: (string);
  /**
   * Of the network interfaces that are devices.
   */
  'macs'?: (string)[];
  'hostname'?: (string);
  'machineId'?: (string);
  'bootId'?: (string);
  /**
   * Its disk holds the state of a cluster's member.
   */
  'holdsClusterState'?: (boolean);
}

/**
 * What a machine says of itself. It helps to find the node that it may be, and is shown to people; it authorises nothing,
 * whatever it says. A text is empty where the machine does not know.
 */
export interface MachineAccount__Output {
  /**
   * Of SMBIOS.
   */
  'productUuid': (string);
  'boardSerial': (string);
  /**
   * Of the network interfaces that are devices.
   */
  'macs': (string)[];
  'hostname': (string);
  'machineId': (string);
  'bootId': (string);
  /**
   * Its disk holds the state of a cluster's member.
   */
  'holdsClusterState': (boolean);
}
