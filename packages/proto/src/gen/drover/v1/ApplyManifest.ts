// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Server-side view of a manifest equals the given documents.
 */
export interface ApplyManifest {
  'name'?: (string);
  'manifest'?: (string);
}

/**
 * ensure. Server-side view of a manifest equals the given documents.
 */
export interface ApplyManifest__Output {
  'name': (string);
  'manifest': (string);
}
