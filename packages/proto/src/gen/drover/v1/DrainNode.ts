// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Nothing that a controller would run elsewhere runs on the node: it is cordoned, and its pods are evicted as their
 * disruption budgets allow. Pods of daemon sets, static pods and pods that have ended stay.
 */
export interface DrainNode {
  'nodeName'?: (string);
  /**
   * Also deletes pods that no controller would make again. Without, they stand in the way.
   */
  'deleteUnmanagedPods'?: (boolean);
}

/**
 * ensure. Nothing that a controller would run elsewhere runs on the node: it is cordoned, and its pods are evicted as their
 * disruption budgets allow. Pods of daemon sets, static pods and pods that have ended stay.
 */
export interface DrainNode__Output {
  'nodeName': (string);
  /**
   * Also deletes pods that no controller would make again. Without, they stand in the way.
   */
  'deleteUnmanagedPods': (boolean);
}
