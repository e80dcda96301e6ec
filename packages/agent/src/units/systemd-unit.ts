import { constants } from 'node:os';
import type { UnitState } from './supervisor.ts';

/** What process 1 says of a unit. */
export interface SystemdUnit {
  readonly state: UnitState;
  /** It ended badly: process 1 remembers it until `reset-failed`. One that ended well is remembered until `stop`. */
  readonly isFailed: boolean;
}

/** The properties to ask `systemctl show` for, as systemd has had them since 219. */
export const systemdProperties = 'LoadState,ActiveState,SubState,Result,ExecMainStatus,Job';

/** Reads the answer of `systemctl show`: a line `Name=value` for each property, in any order. */
export function parseSystemdUnit(text: string): SystemdUnit {
  const properties = new Map(text.split('\n').map(splitLine));
  return { state: stateOf(properties), isFailed: properties.get('ActiveState') === 'failed' };
}

type Properties = ReadonlyMap<string, string>;

function splitLine(line: string): [name: string, value: string] {
  const [name = '', ...rest] = line.split('=');
  return [name, rest.join('=')];
}

function stateOf(properties: Properties): UnitState {
  if (properties.get('LoadState') === 'not-found') return 'absent';
  switch (properties.get('ActiveState')) {
    case 'failed':
      return { exited: howItEnded(properties) };
    case 'inactive':
      // A unit whose start is still queued; without a job, one that somebody stopped and that is about to be forgotten.
      return Number(properties.get('Job') ?? 0) > 0 ? 'running' : { exited: 'it was stopped' };
    default:
      return properties.get('SubState') === 'exited' ? { exited: howItEnded(properties) } : 'running';
  }
}

/** `Result` as in systemd.exec(5), at "SERVICE_RESULT". */
function howItEnded(properties: Properties): string {
  const status = properties.get('ExecMainStatus') ?? '';
  switch (properties.get('Result')) {
    case 'success':
    case 'exit-code':
      return `it ended with status ${status}`;
    case 'signal':
    case 'core-dump':
      return `it was ended by ${signalName(Number(status))}`;
    case 'oom-kill':
      return 'the kernel ended it because memory ran out';
    default:
      return `systemd ended it (${properties.get('Result') ?? 'for a reason it does not tell'})`;
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
