// Original file: proto/drover/v1/enrollment.proto


/**
 * A person wants to look at a machine that is not let in. The only thing that such a machine is ever asked.
 */
export interface FactsWanted {
}

/**
 * A person wants to look at a machine that is not let in. The only thing that such a machine is ever asked.
 */
export interface FactsWanted__Output {
}
