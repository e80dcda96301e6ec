// Original file: proto/drover/v1/actions.proto

import type { HostsEntry as _drover_v1_HostsEntry, HostsEntry__Output as _drover_v1_HostsEntry__Output } from '../../drover/v1/HostsEntry.ts';

/**
 * ensure. The lines between Drover's two marks in /etc/hosts; every other line stays as it is.
 */
export interface ConfigureHosts {
  'entries'?: (_drover_v1_HostsEntry)[];
}

/**
 * ensure. The lines between Drover's two marks in /etc/hosts; every other line stays as it is.
 */
export interface ConfigureHosts__Output {
  'entries': (_drover_v1_HostsEntry__Output)[];
}
