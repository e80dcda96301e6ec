import { parseArgs } from 'node:util';
import { messageOf } from '@drover/core';
import { LabError } from '../lab-error.ts';

/** What the person at the terminal asked for. */
export type LabCommand =
  | { readonly verb: 'help' | 'down' | 'heal' }
  | { readonly verb: 'status'; readonly isJson: boolean }
  | { readonly verb: 'up'; readonly hosts?: number; readonly controlPlanes?: number }
  | { readonly verb: 'exec' | 'logs'; readonly host: string; readonly argv: readonly string[] }
  | { readonly verb: 'reboot'; readonly host: string; readonly powerCut: boolean }
  | ({ readonly verb: 'reimage'; readonly host: string } & ReimageWish)
  | { readonly verb: 'clock'; readonly host: string; readonly daysBehind: number }
  | { readonly verb: 'shell'; readonly host: string }
  | { readonly verb: 'clone'; readonly host: string; readonly sameUuid: boolean }
  | { readonly verb: 'snapshot' | 'revert'; readonly host: string; readonly snapshot: string }
  | { readonly verb: 'partition'; readonly host: string; readonly from: string };

/** What a host is to be after its disk was thrown away. */
export interface ReimageWish {
  readonly userData?: string;
  readonly address?: string;
  readonly daysBehind?: number;
}

/** What `npm run lab -- help` prints. */
export const usage = `Real hosts on this machine, for trying Drover out and for its end-to-end tests.

  npm run lab -- up [--hosts N] [--control-planes N]   bring up N hosts (3), of them N control planes (1); adds, never removes
  npm run lab -- down                                  take everything down and leave nothing behind
  npm run lab -- status [--json]                       how hosts and mirrors are
  npm run lab -- exec HOST -- COMMAND...               run a command in a host, as root
  npm run lab -- shell HOST                            a shell in a host
  npm run lab -- logs HOST [-- JOURNALCTL-OPTION...]   a host's journal; the agent's unit unless told otherwise
  npm run lab -- reboot HOST [--power-cut]             reboot a host, or pull its plug and start it
  npm run lab -- reimage HOST [--user-data FILE] [--address ADDRESS] [--days-behind N]
                                                       throw a host's disk away; same name, same MAC address;
                                                       with a cloud-config, do at its first boot what that says
  npm run lab -- clock HOST [--days-behind N]          the clock that the agent sees: so wrong, or right again (0); =-N: ahead
  npm run lab -- clone HOST [--same-uuid]              a second host from a copy of the disk; with the hardware's id too
  npm run lab -- snapshot HOST NAME                    keep a host's disk as it is now
  npm run lab -- revert HOST NAME                      pull a host's plug, set its disk back to a snapshot, start it
  npm run lab -- partition HOST [--from HOST|coordinator]   cut a host off, from everything unless told otherwise
  npm run lab -- heal                                  end every partition

Environment: DROVER_LAB_NAME (drvlab), DROVER_LAB_SUBNET (10.213.0), DROVER_LAB_DIR (/var/lib/drover-lab/NAME),
DROVER_CACHE (~/.cache/drover), DROVER_LAB_KUBERNETES (an archive of prebuilt Kubernetes programs).
`;

const options = {
  hosts: { type: 'string' },
  'control-planes': { type: 'string' },
  json: { type: 'boolean' },
  'power-cut': { type: 'boolean' },
  from: { type: 'string' },
  'user-data': { type: 'string' },
  'same-uuid': { type: 'boolean' },
  address: { type: 'string' },
  'days-behind': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof options;
type Verb = LabCommand['verb'];

/** What stands around the verb. */
interface Input {
  readonly values: ReturnType<typeof parseOptions>['values'];
  /** Empty when the verb takes no host. */
  readonly host: string;
  /** Empty when the verb takes no snapshot. */
  readonly snapshot: string;
  /** What follows `--`. */
  readonly argv: readonly string[];
}

interface VerbRule {
  readonly takes?: readonly OptionName[];
  /** Of what it takes the names, in this order. Default none. */
  readonly named?: readonly ('host' | 'snapshot')[];
  /** Default false. */
  readonly takesCommand?: boolean;
  readonly read: (input: Input) => LabCommand;
}

const verbs: Readonly<Record<Verb, VerbRule>> = {
  help: { read: () => ({ verb: 'help' }) },
  down: { read: () => ({ verb: 'down' }) },
  heal: { read: () => ({ verb: 'heal' }) },
  status: { takes: ['json'], read: ({ values }) => ({ verb: 'status', isJson: values.json === true }) },
  up: {
    takes: ['hosts', 'control-planes'],
    read: ({ values }) => ({
      verb: 'up',
      ...count('hosts', values.hosts),
      ...count('controlPlanes', values['control-planes']),
    }),
  },
  exec: {
    ...{ named: ['host'], takesCommand: true },
    read: ({ host, argv }) => {
      if (argv.length === 0) throw wrong('exec takes a command after --');
      return { verb: 'exec', host, argv };
    },
  },
  logs: { named: ['host'], takesCommand: true, read: ({ host, argv }) => ({ verb: 'logs', host, argv }) },
  shell: { named: ['host'], read: ({ host }) => ({ verb: 'shell', host }) },
  reboot: {
    ...{ named: ['host'], takes: ['power-cut'] },
    read: ({ host, values }) => ({ verb: 'reboot', host, powerCut: values['power-cut'] === true }),
  },
  reimage: {
    ...{ named: ['host'], takes: ['user-data', 'address', 'days-behind'] },
    read: ({ host, values: { 'user-data': userData, address, 'days-behind': days } }) => ({
      ...{ verb: 'reimage', host },
      ...(userData === undefined ? {} : { userData }),
      ...(address === undefined ? {} : { address }),
      ...(days === undefined ? {} : { daysBehind: wholeDays(days) }),
    }),
  },
  clock: {
    ...{ named: ['host'], takes: ['days-behind'] },
    read: ({ host, values }) => ({ verb: 'clock', host, daysBehind: wholeDays(values['days-behind'] ?? '0') }),
  },
  clone: {
    ...{ named: ['host'], takes: ['same-uuid'] },
    read: ({ host, values }) => ({ verb: 'clone', host, sameUuid: values['same-uuid'] === true }),
  },
  snapshot: {
    named: ['host', 'snapshot'],
    read: ({ host, snapshot }) => ({ verb: 'snapshot', host, snapshot }),
  },
  revert: {
    named: ['host', 'snapshot'],
    read: ({ host, snapshot }) => ({ verb: 'revert', host, snapshot }),
  },
  partition: {
    ...{ named: ['host'], takes: ['from'] },
    read: ({ host, values }) => ({ verb: 'partition', host, from: values.from ?? 'everything' }),
  },
};

/** Reads the arguments after the program's name. Throws a LabError that says what is wrong with them. */
export function parseCommandLine(args: readonly string[]): LabCommand {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const argv = args.slice(end + 1);
  const { values, positionals } = parseOptions(args.slice(0, end));
  const [verb = 'help', ...names] = positionals;
  if (values.help === true) return { verb: 'help' };
  if (!isVerb(verb)) throw wrong(`there is no verb ${JSON.stringify(verb)}`);
  const { takes = [], named = [], takesCommand = false, read } = verbs[verb];
  const strange = (Object.keys(values) as OptionName[]).find((option) => !takes.includes(option));
  if (strange !== undefined) throw wrong(`${verb} takes no --${strange}`);
  if (names.length !== named.length) {
    const taken = named.map((what) => `the name of one ${what}`).join(' and ');
    throw wrong(`${verb} takes ${taken || 'no name'}`);
  }
  if (argv.length > 0 && !takesCommand) throw wrong(`${verb} takes nothing after --`);
  return read({ values, host: names[0] ?? '', snapshot: names[1] ?? '', argv });
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(messageOf(error));
  }
}

function isVerb(verb: string): verb is Verb {
  return Object.hasOwn(verbs, verb);
}

function count<Name extends string>(name: Name, text: string | undefined): { readonly [Key in Name]?: number } {
  if (text === undefined) return {};
  if (!/^\d{1,3}$/.test(text)) throw wrong(`${JSON.stringify(text)} is not a number of hosts`);
  return { [name]: Number(text) } as { readonly [Key in Name]?: number };
}

function wholeDays(text: string): number {
  if (!/^-?\d{1,5}$/.test(text)) throw wrong(`${JSON.stringify(text)} is not a number of days`);
  return Number(text);
}

function wrong(message: string): LabError {
  return new LabError(message, 'See: npm run lab -- help');
}
