// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the Facts document.
 */
export interface GatherFacts {
}

/**
 * query. Answers with the Facts document.
 */
export interface GatherFacts__Output {
}
