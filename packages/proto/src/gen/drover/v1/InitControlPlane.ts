// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded: at most once per cluster. kubeadm_config holds JSON documents with a line --- between them, which
 * kubeadm reads as YAML.
 */
export interface InitControlPlane {
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  'skippedPhases'?: (string)[];
}

/**
 * ensure, guarded: at most once per cluster. kubeadm_config holds JSON documents with a line --- between them, which
 * kubeadm reads as YAML.
 */
export interface InitControlPlane__Output {
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  'skippedPhases': (string)[];
}
