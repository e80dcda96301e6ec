// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the TpmKeys document.
 */
export interface ReadTpm {
}

/**
 * query. Answers with the TpmKeys document.
 */
export interface ReadTpm__Output {
}
