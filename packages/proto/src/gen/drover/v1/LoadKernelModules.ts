// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Loaded (or built in) now, and listed in /etc/modules-load.d.
 */
export interface LoadKernelModules {
  'modules'?: (string)[];
}

/**
 * ensure. Loaded (or built in) now, and listed in /etc/modules-load.d.
 */
export interface LoadKernelModules__Output {
  'modules': (string)[];
}
