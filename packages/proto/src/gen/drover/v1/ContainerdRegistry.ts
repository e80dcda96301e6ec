// Original file: proto/drover/v1/actions.proto


export interface ContainerdRegistry {
  /**
   * As it stands in the names of images, with its port: docker.io, 10.0.12.9:5000.
   */
  'host'?: (string);
  /**
   * URLs that are asked before the registry itself, in this order.
   */
  'mirrors'?: (string)[];
  /**
   * Without TLS.
   */
  'insecure'?: (boolean);
  /**
   * PEM: whoever signed the certificates of the registry and of its mirrors; empty for whom the machine trusts.
   */
  'caCertificate'?: (string);
}

export interface ContainerdRegistry__Output {
  /**
   * As it stands in the names of images, with its port: docker.io, 10.0.12.9:5000.
   */
  'host': (string);
  /**
   * URLs that are asked before the registry itself, in this order.
   */
  'mirrors': (string)[];
  /**
   * Without TLS.
   */
  'insecure': (boolean);
  /**
   * PEM: whoever signed the certificates of the registry and of its mirrors; empty for whom the machine trusts.
   */
  'caCertificate': (string);
}
