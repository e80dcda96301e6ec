import type { ConfigureContainerd } from '@drover/proto';
import type { ContainerdSpec } from './runtime-spec.ts';

/** What containerd is told about registries. */
export function wantedRegistries({ registries = [] }: ContainerdSpec): ConfigureContainerd['registries'] {
  return registries.map(({ host, mirrors = [], insecure = false, caCertificate = '' }) => ({
    ...{ host, insecure, caCertificate },
    mirrors: [...mirrors],
  }));
}
