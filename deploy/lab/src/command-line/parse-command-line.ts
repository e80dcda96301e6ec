import { parseArgs } from 'node:util';
import { LabError } from '../lab-error.ts';

/** What the person at the terminal asked for. */
export type LabCommand =
  | { readonly verb: 'help' | 'down' | 'heal' }
  | { readonly verb: 'status'; readonly isJson: boolean }
  | { readonly verb: 'up'; readonly hosts?: number; readonly controlPlanes?: number }
  | { readonly verb: 'exec' | 'logs'; readonly host: string; readonly argv: readonly string[] }
  | { readonly verb: 'reboot'; readonly host: string; readonly powerCut: boolean }
  | { readonly verb: 'reimage' | 'clone' | 'shell'; readonly host: string }
  | { readonly verb: 'partition'; readonly host: string; readonly from: string };

/** What `npm run lab -- help` prints. */
export const usage = `Real hosts on this machine, for trying Drover out and for its end-to-end tests.

  npm run lab -- up [--hosts N] [--control-planes N]   bring up N hosts (3), of them N control planes (1); adds, never removes
  npm run lab -- down                                  take everything down and leave nothing behind
  npm run lab -- status [--json]                       how hosts and mirrors are
  npm run lab -- exec HOST -- COMMAND...               run a command in a host, as root
  npm run lab -- shell HOST                            a shell in a host
  npm run lab -- logs HOST [-- JOURNALCTL-OPTION...]   a host's journal; the agent's unit unless told otherwise
  npm run lab -- reboot HOST [--power-cut]             reboot a host, or pull its plug and start it
  npm run lab -- reimage HOST                          throw a host's disk away; same name, same MAC address
  npm run lab -- clone HOST                            a second host from a copy of the disk
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
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof options;

/** Options that each verb takes, and how many names of hosts. */
const verbs: Readonly<Record<LabCommand['verb'], { readonly takes: readonly OptionName[]; readonly hosts: 0 | 1 }>> = {
  help: { takes: [], hosts: 0 },
  up: { takes: ['hosts', 'control-planes'], hosts: 0 },
  down: { takes: [], hosts: 0 },
  status: { takes: ['json'], hosts: 0 },
  heal: { takes: [], hosts: 0 },
  exec: { takes: [], hosts: 1 },
  logs: { takes: [], hosts: 1 },
  shell: { takes: [], hosts: 1 },
  reboot: { takes: ['power-cut'], hosts: 1 },
  reimage: { takes: [], hosts: 1 },
  clone: { takes: [], hosts: 1 },
  partition: { takes: ['from'], hosts: 1 },
};

/** Reads the arguments after the program's name. Throws a LabError that says what is wrong with them. */
export function parseCommandLine(args: readonly string[]): LabCommand {
  const separator = args.indexOf('--');
  const argv = separator < 0 ? [] : args.slice(separator + 1);
  const { values, positionals } = parseOptions(separator < 0 ? args : args.slice(0, separator));
  const [verb = 'help', ...names] = positionals;
  if (values.help === true) return { verb: 'help' };
  if (!isVerb(verb)) throw wrong(`there is no verb ${JSON.stringify(verb)}`);
  const { takes, hosts } = verbs[verb];
  const strange = (Object.keys(values) as OptionName[]).find((option) => !takes.includes(option));
  if (strange !== undefined) throw wrong(`${verb} takes no --${strange}`);
  if (names.length !== hosts) throw wrong(`${verb} takes ${hosts === 0 ? 'no name' : 'the name of one host'}`);
  if (argv.length > 0 && verb !== 'exec' && verb !== 'logs') throw wrong(`${verb} takes nothing after --`);
  const [host = ''] = names;
  switch (verb) {
    case 'help':
    case 'down':
    case 'heal':
      return { verb };
    case 'status':
      return { verb, isJson: values.json === true };
    case 'up':
      return { verb, ...count('hosts', values.hosts), ...count('controlPlanes', values['control-planes']) };
    case 'exec':
      if (argv.length === 0) throw wrong('exec takes a command after --');
      return { verb, host, argv };
    case 'logs':
      return { verb, host, argv };
    case 'reboot':
      return { verb, host, powerCut: values['power-cut'] === true };
    case 'reimage':
    case 'clone':
    case 'shell':
      return { verb, host };
    case 'partition':
      return { verb, host, from: values.from ?? 'everything' };
  }
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function isVerb(verb: string): verb is LabCommand['verb'] {
  return Object.hasOwn(verbs, verb);
}

function count<Name extends string>(name: Name, text: string | undefined): { readonly [Key in Name]?: number } {
  if (text === undefined) return {};
  if (!/^\d{1,3}$/.test(text)) throw wrong(`${JSON.stringify(text)} is not a number of hosts`);
  return { [name]: Number(text) } as { readonly [Key in Name]?: number };
}

function wrong(message: string): LabError {
  return new LabError(message, 'See: npm run lab -- help');
}
