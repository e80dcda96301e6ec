// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Waits until every named node is Ready at the version.
 */
export interface WaitNodesReady {
  'nodeNames'?: (string)[];
  'kubernetesVersion'?: (string);
}

/**
 * ensure. Waits until every named node is Ready at the version.
 */
export interface WaitNodesReady__Output {
  'nodeNames': (string)[];
  'kubernetesVersion': (string);
}
