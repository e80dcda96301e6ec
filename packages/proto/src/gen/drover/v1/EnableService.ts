// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Enabled at boot and, where asked, running now.
 */
export interface EnableService {
  'unit'?: (string);
  'running'?: (boolean);
}

/**
 * ensure. Enabled at boot and, where asked, running now.
 */
export interface EnableService__Output {
  'unit': (string);
  'running': (boolean);
}
