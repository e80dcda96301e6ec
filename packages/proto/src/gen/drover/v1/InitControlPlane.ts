// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded: at most once per cluster. The kubeadm documents come from the coordinator as one JSON array.
 */
export interface InitControlPlane {
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  'skippedPhases'?: (string)[];
}

/**
 * ensure, guarded: at most once per cluster. The kubeadm documents come from the coordinator as one JSON array.
 */
export interface InitControlPlane__Output {
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  'skippedPhases': (string)[];
}
