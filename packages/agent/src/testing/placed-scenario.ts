import type { ActionParams } from '@drover/proto';
import type { ActionScenario, EnsureName } from './action-conformance.ts';
import type { scenarioNodes } from './membership-params.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** A scenario on one machine of a simulated site. */
export interface PlacedScenario<Name extends EnsureName> extends Omit<ActionScenario<Name>, 'params'> {
  readonly action: Name;
  readonly node: (typeof scenarioNodes)[number];
  readonly params: (site: SimulatedSite) => ActionParams<Name> | Promise<ActionParams<Name>>;
}

/** A scenario of any action. */
export type AnyScenario = { [Name in EnsureName]: PlacedScenario<Name> }[EnsureName];
