// Original file: proto/drover/v1/actions.proto


export interface AptRepository {
  'url'?: (string);
  /**
   * A codename, or a path that ends in a slash: then there are no components.
   */
  'suite'?: (string);
  'components'?: (string)[];
  'checkSignatures'?: (boolean);
  /**
   * Where the key of the signatures is, armoured or binary: https://, http:// or file://.
   */
  'key'?: (string);
  /**
   * Of the file at that address, 64 hex digits; empty where any will do.
   */
  'keySha256'?: (string);
}

export interface AptRepository__Output {
  'url': (string);
  /**
   * A codename, or a path that ends in a slash: then there are no components.
   */
  'suite': (string);
  'components': (string)[];
  'checkSignatures': (boolean);
  /**
   * Where the key of the signatures is, armoured or binary: https://, http:// or file://.
   */
  'key': (string);
  /**
   * Of the file at that address, 64 hex digits; empty where any will do.
   */
  'keySha256': (string);
}
