import type { Machine } from '../machine.ts';
import { notPlayed, operands, optionValues, type Program, type ProgramCall } from '../program.ts';
import { startUnit, stopUnit, type UnitReport, unitReport } from '../units.ts';

/** systemctl(1), for services that packages brought along and for masking anything. */
export const systemctl: Program = async (call) => {
  await call.work(20);
  const [verb = '', ...names] = operands(call.args);
  switch (verb) {
    case 'daemon-reload':
      return 0;
    case 'show':
      return show(call, names);
    case 'is-active':
      return answer(call, names, { pick: ({ active }) => active, unknown: 'inactive', badStatus: 3 });
    case 'is-enabled':
      return answer(call, names, { pick: ({ file }) => file, unknown: 'disabled', badStatus: 1 });
    case 'mask':
      return forEach(call, names, async (name) => mask(call.machine, name), { evenUnknown: true });
    case 'enable':
    case 'disable':
      return forEach(call, names, async (name) => setEnabled(call, name, verb === 'enable'));
    case 'start':
    case 'restart':
      return forEach(call, names, async (name) => startUnit(call.machine, name));
    case 'stop':
      return forEach(call, names, async (name) => stopUnit(call.machine, name), { evenUnknown: true });
    default:
      return notPlayed(call, 'systemctl');
  }
};

async function show(call: ProgramCall, names: readonly string[]): Promise<number> {
  const wanted = [...optionValues(call.args, 'property'), ...shortOption(call.args, '-p')].flatMap((list) =>
    list.split(','),
  );
  const reports = await Promise.all(names.map((name) => unitReport(call.machine, name)));
  const blocks = reports.map((report) => {
    const properties: Record<string, string> = {
      Id: report.id,
      LoadState: report.exists ? 'loaded' : 'not-found',
      ActiveState: report.active,
      UnitFileState: report.exists ? report.file : '',
    };
    return Object.entries(properties)
      .filter(([key]) => wanted.length === 0 || wanted.includes(key))
      .map(([key, value]) => (call.args.includes('--value') ? value : `${key}=${value}`))
      .join('\n');
  });
  call.print(blocks.join('\n\n'));
  return 0;
}

function shortOption(args: readonly string[], name: string): readonly string[] {
  return args.flatMap((arg, i) => (args[i - 1] === name ? [arg] : []));
}

/** Prints one word per unit, and ends with 0 when all have the good one. */
async function answer(
  call: ProgramCall,
  names: readonly string[],
  words: { readonly pick: (report: UnitReport) => string; readonly unknown: string; readonly badStatus: number },
): Promise<number> {
  const found = await Promise.all(
    names.map(async (name) => {
      const report = await unitReport(call.machine, name);
      return report.exists ? words.pick(report) : words.unknown;
    }),
  );
  if (!call.args.includes('--quiet')) for (const word of found) call.print(word);
  return found.every((word) => word === 'active' || word === 'enabled') ? 0 : words.badStatus;
}

async function forEach(
  call: ProgramCall,
  names: readonly string[],
  act: (name: string) => Promise<void>,
  options: { readonly evenUnknown: boolean } = { evenUnknown: false },
): Promise<number> {
  for (const name of names) {
    const { exists, id } = await unitReport(call.machine, name);
    if (!exists && !options.evenUnknown) {
      call.complain(`Failed to ${call.args[0]} unit: Unit file ${id} does not exist.`);
      return 5;
    }
    await act(name);
  }
  return 0;
}

async function setEnabled(call: ProgramCall, name: string, enabled: boolean): Promise<void> {
  const unit = name.replace(/\.service$/, '');
  await call.machine.change((state) => {
    state.units[unit] = { active: state.units[unit]?.active ?? false, enabled };
  });
  if (call.args.includes('--now') && enabled) await startUnit(call.machine, name);
}

async function mask(machine: Machine, name: string): Promise<void> {
  const path = `/etc/systemd/system/${name}`;
  await machine.files.writeFile(path, '', { mode: 0o644 });
  await machine.change((state) => {
    state.links[path] = '/dev/null';
  });
}
