// Original file: proto/drover/v1/actions.proto

export const SelinuxMode = {
  SELINUX_MODE_UNSPECIFIED: 'SELINUX_MODE_UNSPECIFIED',
  PERMISSIVE: 'PERMISSIVE',
  ENFORCING: 'ENFORCING',
} as const;

export type SelinuxMode =
  | 'SELINUX_MODE_UNSPECIFIED'
  | 0
  | 'PERMISSIVE'
  | 1
  | 'ENFORCING'
  | 2

export type SelinuxMode__Output = typeof SelinuxMode[keyof typeof SelinuxMode]
