import type { Facts } from '@drover/proto';

/** Facts in which nothing could be read: what stands where a subject failed, beside its entry in `unreadable`. */
export function unreadFacts(kind: Facts['host']['kind']): Facts {
  return {
    gatheredAt: '',
    host: {
      kind,
      hostname: '',
      machineId: null,
      bootId: null,
      productUuid: null,
      boardSerial: null,
      deviceMacs: [],
      tpmDevice: null,
      uptimeSeconds: 0,
    },
    os: { id: '', idLike: [], versionId: '', prettyName: '', packageManager: null },
    kernel: { release: '', architecture: '', cgroupVersion: 1 },
    cpu: { count: 0, model: '' },
    memory: { totalBytes: 0, availableBytes: 0 },
    disks: [],
    network: { interfaces: [], routes: [], listeners: [] },
    clock: { nowMs: 0, synchronized: null },
    swap: { active: [], fstab: [], units: [] },
    selinux: { runtime: 'disabled', configured: null },
    kernelModules: { bridgeNetfilter: false, overlay: false, persisted: [] },
    sysctl: { runtime: {}, persisted: {} },
    docker: {
      version: null,
      running: false,
      enabled: false,
      cgroupDriver: null,
      storageDriver: null,
      registryMirrors: [],
      insecureRegistries: [],
    },
    containerd: { version: null, running: false },
    kubernetes: { kubelet: null, kubeadm: null, kubectl: null, kubeletRunning: false },
    membership: { kubeletConfigured: false, controlPlane: false, etcdData: false, apiServer: null, caHash: null },
    unreadable: [],
  };
}
