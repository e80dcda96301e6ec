import type { Probe } from '@drover/agent/simulation';

/** A guarded action that takes whatever it finds for a half of its own, and begins anew. */
export function probeBlindly<Action extends BlindableAction>(action: Action): Action {
  let hasRun = false;
  const blind: Probe = { outcome: 'partial', finding: 'nobody has looked', evidence: [] };
  return {
    ...action,
    probe: (...args: never[]) => (hasRun ? action.probe(...args) : Promise.resolve(blind)),
    run: (...args: never[]) => {
      hasRun = true;
      return action.run(...args);
    },
  };
}

interface BlindableAction {
  readonly probe: (...args: never[]) => Promise<Probe>;
  readonly run: (...args: never[]) => Promise<void>;
}
