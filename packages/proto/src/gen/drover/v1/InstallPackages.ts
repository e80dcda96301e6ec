// Original file: proto/drover/v1/actions.proto

import type { Package as _drover_v1_Package, Package__Output as _drover_v1_Package__Output } from '../../drover/v1/Package.ts';

/**
 * ensure. Exactly these versions, held against upgrades.
 */
export interface InstallPackages {
  'packages'?: (_drover_v1_Package)[];
  /**
   * The repository whose excludes are lifted for this transaction; may be empty.
   */
  'repository'?: (string);
}

/**
 * ensure. Exactly these versions, held against upgrades.
 */
export interface InstallPackages__Output {
  'packages': (_drover_v1_Package__Output)[];
  /**
   * The repository whose excludes are lifted for this transaction; may be empty.
   */
  'repository': (string);
}
