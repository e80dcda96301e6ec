// Original file: proto/drover/v1/session.proto


/**
 * One thing that an action would change or has changed, as people read it: "file /etc/hosts", "package kubelet".
 */
export interface Change {
  'subject'?: (string);
  'before'?: (string);
  'after'?: (string);
  /**
   * Of a text file: what becomes of it, as diff -u writes it, with what looks like a secret masked. At most 16 KiB and a
   * line that says how much is left out.
   */
  'diff'?: (string);
  '_diff'?: "diff";
}

/**
 * One thing that an action would change or has changed, as people read it: "file /etc/hosts", "package kubelet".
 */
export interface Change__Output {
  'subject': (string);
  'before': (string);
  'after': (string);
  /**
   * Of a text file: what becomes of it, as diff -u writes it, with what looks like a secret masked. At most 16 KiB and a
   * line that says how much is left out.
   */
  'diff'?: (string);
  '_diff'?: "diff";
}
