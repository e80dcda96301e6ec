// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Off now and after a reboot: active devices, fstab entries, swap units, zram.
 */
export interface DisableSwap {
}

/**
 * ensure. Off now and after a reboot: active devices, fstab entries, swap units, zram.
 */
export interface DisableSwap__Output {
}
