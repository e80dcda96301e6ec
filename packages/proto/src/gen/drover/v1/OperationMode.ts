// Original file: proto/drover/v1/session.proto

export const OperationMode = {
  OPERATION_MODE_UNSPECIFIED: 'OPERATION_MODE_UNSPECIFIED',
  /**
   * Reads and reports what would change. Never writes.
   */
  INSPECT: 'INSPECT',
  RUN: 'RUN',
} as const;

export type OperationMode =
  | 'OPERATION_MODE_UNSPECIFIED'
  | 0
  /**
   * Reads and reports what would change. Never writes.
   */
  | 'INSPECT'
  | 1
  | 'RUN'
  | 2

export type OperationMode__Output = typeof OperationMode[keyof typeof OperationMode]
