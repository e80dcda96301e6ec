// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the HostConfiguration document: package repositories, and Docker's configuration file as far as a
 * cluster file can say it. Nothing that is not in the document's schema leaves the node.
 */
export interface ReadHostConfiguration {
}

/**
 * query. Answers with the HostConfiguration document: package repositories, and Docker's configuration file as far as a
 * cluster file can say it. Nothing that is not in the document's schema leaves the node.
 */
export interface ReadHostConfiguration__Output {
}
