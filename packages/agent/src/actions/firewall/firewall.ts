import type { Change, ConfigureFirewall } from '@drover/proto';
import type { ApplyContext, InspectContext } from '../action.ts';

/** A firewall that has programs of its own to be told by. */
export interface Firewall {
  /** What would change. Never writes. */
  readonly inspect: (context: InspectContext, params: ConfigureFirewall) => Promise<readonly Change[]>;
  readonly apply: (context: ApplyContext, params: ConfigureFirewall) => Promise<void>;
  /** The same as commands for people. */
  readonly byHand: (context: InspectContext, params: ConfigureFirewall) => Promise<readonly string[]>;
}
