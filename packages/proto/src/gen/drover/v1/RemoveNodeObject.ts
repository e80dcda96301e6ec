// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded. There is no Node object of this uid; one of the same name with another uid is not touched.
 */
export interface RemoveNodeObject {
  'nodeName'?: (string);
  'uid'?: (string);
}

/**
 * ensure, guarded. There is no Node object of this uid; one of the same name with another uid is not touched.
 */
export interface RemoveNodeObject__Output {
  'nodeName': (string);
  'uid': (string);
}
