// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the ClusterNodes document.
 */
export interface ListClusterNodes {
}

/**
 * query. Answers with the ClusterNodes document.
 */
export interface ListClusterNodes__Output {
}
