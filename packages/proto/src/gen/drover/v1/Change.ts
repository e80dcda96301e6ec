// Original file: proto/drover/v1/session.proto


/**
 * One thing that an action would change or has changed, as people read it: "file /etc/hosts", "package kubelet".
 */
export interface Change {
  'subject'?: (string);
  'before'?: (string);
  'after'?: (string);
}

/**
 * One thing that an action would change or has changed, as people read it: "file /etc/hosts", "package kubelet".
 */
export interface Change__Output {
  'subject': (string);
  'before': (string);
  'after': (string);
}
