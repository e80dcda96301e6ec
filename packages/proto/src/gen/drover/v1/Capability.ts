// Original file: proto/drover/v1/actions.proto

export const Capability = {
  CAPABILITY_UNSPECIFIED: 'CAPABILITY_UNSPECIFIED',
  SERVICE: 'SERVICE',
  STORAGE: 'STORAGE',
  ROLLOUT: 'ROLLOUT',
  PLACEMENT: 'PLACEMENT',
  SELF_REPAIR: 'SELF_REPAIR',
  CONFIGURATION: 'CONFIGURATION',
} as const;

export type Capability =
  | 'CAPABILITY_UNSPECIFIED'
  | 0
  | 'SERVICE'
  | 1
  | 'STORAGE'
  | 2
  | 'ROLLOUT'
  | 3
  | 'PLACEMENT'
  | 4
  | 'SELF_REPAIR'
  | 5
  | 'CONFIGURATION'
  | 6

export type Capability__Output = typeof Capability[keyof typeof Capability]
