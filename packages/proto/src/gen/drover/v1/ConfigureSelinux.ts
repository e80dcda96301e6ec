// Original file: proto/drover/v1/actions.proto

import type { SelinuxMode as _drover_v1_SelinuxMode, SelinuxMode__Output as _drover_v1_SelinuxMode__Output } from '../../drover/v1/SelinuxMode.ts';

/**
 * ensure. Runtime and /etc/selinux/config; a system where it is disabled stays disabled.
 */
export interface ConfigureSelinux {
  'mode'?: (_drover_v1_SelinuxMode);
}

/**
 * ensure. Runtime and /etc/selinux/config; a system where it is disabled stays disabled.
 */
export interface ConfigureSelinux__Output {
  'mode': (_drover_v1_SelinuxMode__Output);
}
