// Original file: proto/drover/v1/actions.proto

import type { AptRepository as _drover_v1_AptRepository, AptRepository__Output as _drover_v1_AptRepository__Output } from '../../drover/v1/AptRepository.ts';

/**
 * ensure. One package repository in a file of its own: under /etc/yum.repos.d, or where apt is set, under
 * /etc/apt/sources.list.d.
 */
export interface ConfigureRepository {
  'id'?: (string);
  'name'?: (string);
  /**
   * This and the next two are of the yum form, and empty where apt is set.
   */
  'baseUrl'?: (string);
  'gpgCheck'?: (boolean);
  'gpgKeys'?: (string)[];
  /**
   * Package names that only a transaction which names a version (apt) or lifts the excludes (dnf) may touch.
   */
  'exclude'?: (string)[];
  'apt'?: (_drover_v1_AptRepository | null);
}

/**
 * ensure. One package repository in a file of its own: under /etc/yum.repos.d, or where apt is set, under
 * /etc/apt/sources.list.d.
 */
export interface ConfigureRepository__Output {
  'id': (string);
  'name': (string);
  /**
   * This and the next two are of the yum form, and empty where apt is set.
   */
  'baseUrl': (string);
  'gpgCheck': (boolean);
  'gpgKeys': (string)[];
  /**
   * Package names that only a transaction which names a version (apt) or lifts the excludes (dnf) may touch.
   */
  'exclude': (string)[];
  'apt': (_drover_v1_AptRepository__Output | null);
}
