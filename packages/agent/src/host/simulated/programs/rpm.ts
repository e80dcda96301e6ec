import { notPlayed, operands, type Program } from '../program.ts';

/** rpm(8): queries installed packages by name. The status is the number of those that are not installed. */
export const rpm: Program = async (call) => {
  const isQuery = call.args.includes('-q') || call.args.includes('--query');
  if (!isQuery) return notPlayed(call, 'rpm');
  const at = call.args.findIndex((arg) => arg === '--queryformat' || arg === '--qf');
  const inline = call.args.find((arg) => /^--(queryformat|qf)=/.test(arg))?.replace(/^[^=]*=/, '');
  const format = inline ?? (at === -1 ? '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n' : (call.args[at + 1] ?? ''));
  const names = operands(call.args.filter((_, i) => at === -1 || i !== at + 1));
  const { packages } = await call.machine.state();
  let missing = 0;
  for (const name of names) {
    const version = packages[name];
    if (version === undefined) {
      missing += 1;
      call.print(`package ${name} is not installed`);
    } else call.print(fill(format, name, version).replace(/\n$/, ''));
  }
  return missing;
};

function fill(format: string, name: string, version: string): string {
  const tags: Record<string, string> = {
    NAME: name,
    VERSION: version,
    RELEASE: '0',
    ARCH: 'x86_64',
    EPOCH: '0',
    EPOCHNUM: '0',
  };
  return format.replaceAll(/%\{(\w+)\}/g, (_, tag: string) => tags[tag] ?? '(none)').replaceAll('\\n', '\n');
}
