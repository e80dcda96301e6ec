import { notPlayed, optionValues, type Program, type ProgramCall } from '../program.ts';

/** What is in effect: a copy of what was written down at the last reload. */
const runtimeFolder = '/run/firewalld';

/** firewall-cmd(1): rich rules for a port and a set, and reloading. */
export const firewallCmd: Program = async (call) => {
  await call.work(300);
  const { args } = call;
  const [zone = 'public'] = optionValues(args, 'zone');
  if (args.includes('--reload')) return await reload(call);
  if (args.includes('--list-rich-rules')) return await listRules(call, `${runtimeFolder}/${zone}.xml`);
  if (args.includes('--get-entries')) return await listEntries(call);
  if (args.includes('--get-active-zones')) return await listZones(call);
  const [added] = optionValues(args, 'add-rich-rule');
  const [removed] = optionValues(args, 'remove-rich-rule');
  const parts = form.exec(added ?? removed ?? '');
  if (!args.includes('--permanent') || parts === null) return notPlayed(call, 'firewall-cmd');
  const [, ipset = '', port = '', protocol = ''] = parts;
  const path = `/etc/firewalld/zones/${zone}.xml`;
  const text = (await call.machine.files.readFile(path)) ?? '<zone>\n</zone>\n';
  const rule = `  <rule family="ipv4">\n    <source ipset="${ipset}"/>\n    <port port="${port}" protocol="${protocol}"/>\n    <accept/>\n  </rule>\n`;
  const without = text.replace(rule, '');
  const changed = added === undefined ? without : without.replace('</zone>', `${rule}</zone>`);
  await call.machine.files.writeFile(path, changed, { mode: 0o644 });
  call.print('success');
  return 0;
};

const form = /^rule family="ipv4" source ipset="([\w-]+)" port port="(\d+)" protocol="(tcp|udp)" accept$/;

async function reload({ machine: { files }, print }: ProgramCall): Promise<number> {
  for (const folder of ['zones', 'ipsets']) {
    for (const name of await files.listDirectory(`/etc/firewalld/${folder}`)) {
      const text = (await files.readFile(`/etc/firewalld/${folder}/${name}`)) ?? '';
      const to = folder === 'zones' ? runtimeFolder : `${runtimeFolder}-ipsets`;
      await files.writeFile(`${to}/${name}`, text, { mode: 0o644 });
    }
  }
  print('success');
  return 0;
}

async function listEntries({ args, machine, print }: ProgramCall): Promise<number> {
  const [name = ''] = optionValues(args, 'ipset');
  const text = (await machine.files.readFile(`${runtimeFolder}-ipsets/${name}.xml`)) ?? '';
  for (const [, entry = ''] of text.matchAll(/<entry>(\S+)<\/entry>/g)) print(entry);
  return 0;
}

async function listRules({ machine, print }: ProgramCall, path: string): Promise<number> {
  const text = (await machine.files.readFile(path)) ?? '';
  const rules = text.matchAll(/<source ipset="([^"]+)"\/>\s*<port port="(\d+)" protocol="(\w+)"\/>/g);
  for (const [, ipset, port, protocol] of rules) {
    print(`rule family="ipv4" source ipset="${ipset}" port port="${port}" protocol="${protocol}" accept`);
  }
  return 0;
}

async function listZones({ machine: { files }, print }: ProgramCall): Promise<number> {
  for (const name of await files.listDirectory(runtimeFolder)) {
    const [, source] =
      /^ {2}<source address="([^"]+)"/m.exec((await files.readFile(`${runtimeFolder}/${name}`)) ?? '') ?? [];
    if (source !== undefined) print(`${name.replace('.xml', '')}\n  sources: ${source}`);
  }
  return 0;
}
