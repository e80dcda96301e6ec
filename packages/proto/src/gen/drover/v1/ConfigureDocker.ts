// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Merges the settings into /etc/docker/daemon.json, keeping every key that others put there; restarts Docker
 * only when the file changed and Docker runs.
 */
export interface ConfigureDocker {
  'registryMirrors'?: (string)[];
  'insecureRegistries'?: (string)[];
  /**
   * systemd or cgroupfs.
   */
  'cgroupDriver'?: (string);
  'logDriver'?: (string);
  'logOptions'?: ({[key: string]: string});
  'storageDriver'?: (string);
  'storageOptions'?: (string)[];
}

/**
 * ensure. Merges the settings into /etc/docker/daemon.json, keeping every key that others put there; restarts Docker
 * only when the file changed and Docker runs.
 */
export interface ConfigureDocker__Output {
  'registryMirrors': (string)[];
  'insecureRegistries': (string)[];
  /**
   * systemd or cgroupfs.
   */
  'cgroupDriver': (string);
  'logDriver': (string);
  'logOptions': ({[key: string]: string});
  'storageDriver': (string);
  'storageOptions': (string)[];
}
