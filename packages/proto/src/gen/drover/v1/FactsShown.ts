// Original file: proto/drover/v1/enrollment.proto


/**
 * The machine's facts as one JSON document; empty where it could not look.
 */
export interface FactsShown {
  'json'?: (string);
}

/**
 * The machine's facts as one JSON document; empty where it could not look.
 */
export interface FactsShown__Output {
  'json': (string);
}
