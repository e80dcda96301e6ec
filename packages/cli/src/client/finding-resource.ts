/** Something on a member that is not as it has to be, or was until a while ago. */
export interface StandingFinding {
  readonly cluster: string;
  readonly node?: string;
  readonly check: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
  readonly fixedBy?: string;
  readonly policy: 'report' | 'repair';
  readonly since: string;
  readonly lastSeenAt: string;
  readonly resolvedAt?: string;
  readonly unrepaired?: string;
}
