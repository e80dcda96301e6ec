import { notPlayed, type Program, type ProgramCall } from '../program.ts';

const path = '/etc/ufw/user.rules';

/** ufw(8): switching it on, and rules for a source, added with a comment or taken away. They stand in its files alone. */
export const ufw: Program = async (call) => {
  await call.work(300);
  if (call.args.at(-1) === 'enable') return await enable(call);
  const [matched, route, verb, protocol = 'any', source = '', ports = 'any', comment = ''] =
    form.exec(call.args.join(' ')) ?? [];
  if (matched === undefined) return notPlayed(call, 'ufw');
  const rule = `### tuple ### ${route === undefined ? '' : 'route:'}allow ${protocol} ${ports} 0.0.0.0/0 any ${source} in`;
  const { files } = call.machine;
  const lines = ((await files.readFile(path)) ?? '').split('\n').filter((line) => line !== '');
  const others = lines.filter((line) => line !== rule && !line.startsWith(`${rule} comment=`));
  const mark = comment === '' ? '' : ` comment=${Buffer.from(comment).toString('hex')}`;
  const left = verb === undefined ? [...others, `${rule}${mark}`] : others;
  await files.writeFile(path, `${left.join('\n')}\n`, { mode: 0o640 });
  if (verb === undefined) call.print('Rule added');
  else call.print(others.length === lines.length ? 'Could not delete non-existent rule' : 'Rule deleted');
  return 0;
};

const form =
  /^(route )?(delete )?allow (?:proto (tcp|udp) )?from ([\d./]+)(?: to any port ([\d,:]+))?(?: comment (\S+))?$/;

async function enable({ machine, print }: ProgramCall): Promise<number> {
  await machine.files.writeFile('/etc/ufw/ufw.conf', 'ENABLED=yes\nLOGLEVEL=low\n', { mode: 0o644 });
  print('Firewall is active and enabled on system startup');
  return 0;
}
