// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the EtcdMembers document. On a control-plane node.
 */
export interface ListEtcdMembers {
}

/**
 * query. Answers with the EtcdMembers document. On a control-plane node.
 */
export interface ListEtcdMembers__Output {
}
