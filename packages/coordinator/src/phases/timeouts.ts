const minuteMs = 60_000;

/**
 * How long steps may take that wait for a network or for a cluster to come up, by what they do. Generous: they end as
 * soon as they are done, and what is too slow says what it waits for.
 */
export const timeoutsMs = {
  /** ufw takes a third of a second for each rule, and there are two for each other node. */
  configureFirewall: 10 * minuteMs,
  installPackages: 15 * minuteMs,
  pullImages: 20 * minuteMs,
  /** kubeadm itself gives the control plane four minutes. */
  initControlPlane: 10 * minuteMs,
  joinNode: 10 * minuteMs,
  joinControlPlane: 10 * minuteMs,
  applyManifest: 3 * minuteMs,
  waitNodesReady: 10 * minuteMs,
  verifyCapability: 5 * minuteMs,
  snapshotEtcd: 5 * minuteMs,
  removeEtcdMember: 3 * minuteMs,
  resetNode: 6 * minuteMs,
  removeNodeObject: 3 * minuteMs,
  drainNode: 10 * minuteMs,
} as const;

/** How long a minted credential is good for: a join that has not begun by then has another one minted. */
export const joinCredentialsTtlMs = 15 * minuteMs;
