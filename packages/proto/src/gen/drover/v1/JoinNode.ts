// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded: at most once per incarnation.
 */
export interface JoinNode {
  'nodeName'?: (string);
  /**
   * JoinConfiguration as JSON, without discovery: the agent fills it in from the sealed credentials.
   */
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  /**
   * From MintJoinCredentials. Opened in memory, on tmpfs while kubeadm runs, gone afterwards.
   */
  'sealedCredentials'?: (Buffer | Uint8Array | string);
}

/**
 * ensure, guarded: at most once per incarnation.
 */
export interface JoinNode__Output {
  'nodeName': (string);
  /**
   * JoinConfiguration as JSON, without discovery: the agent fills it in from the sealed credentials.
   */
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  /**
   * From MintJoinCredentials. Opened in memory, on tmpfs while kubeadm runs, gone afterwards.
   */
  'sealedCredentials': (Buffer);
}
