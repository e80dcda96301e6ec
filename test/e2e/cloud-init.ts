import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execOnHost, findHost, status, writeHostFile } from '@drover/lab';
import { unpackDebianPackages } from './debian-packages.ts';
import { lab } from './quick-start.ts';

/** cloud-init of Debian 12 with what it depends on, but for Python itself. */
export const cloudInitPackages: readonly string[] = [
  ...['cloud-init', 'libyaml-0-2', 'python3-attr', 'python3-certifi', 'python3-chardet', 'python3-configobj'],
  ...['python3-distutils', 'python3-idna', 'python3-jinja2', 'python3-json-pointer', 'python3-jsonpatch'],
  ...['python3-jsonschema', 'python3-markupsafe', 'python3-netifaces', 'python3-oauthlib', 'python3-pkg-resources'],
  ...['python3-pyrsistent', 'python3-requests', 'python3-six', 'python3-urllib3', 'python3-yaml'],
];

/** Which of its modules the host's image has switched on: those that user data of Drover's are about. */
const configuration = `datasource_list: [NoCloud]
network: {config: disabled}
preserve_hostname: true
cloud_init_modules: [write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user]
`;
const seed = '/var/lib/cloud/seed/nocloud';
const stages = 'init --local, init, modules --mode=config, modules --mode=final'.split(', ');

/** Gives a bare host cloud-init and user data, and has it go through its stages, as at a first boot. */
export async function bootWithCloudInit(name: string, userData: string): Promise<void> {
  const host = await findHost(lab, name);
  const pid = (await status(lab)).hosts.find((each) => each.name === name)?.pid;
  await unpackDebianPackages(cloudInitPackages, {
    directory: join(tmpdir(), `drover-debs-${process.pid}`),
    root: `/proc/${pid}/root`,
  });
  await writeHostFile(lab, host, { path: '/etc/cloud/cloud.cfg', content: configuration, mode: 0o644 });
  await writeHostFile(lab, host, { path: `${seed}/meta-data`, content: 'instance-id: reimaged\n', mode: 0o644 });
  await writeHostFile(lab, host, { path: `${seed}/user-data`, content: userData, mode: 0o600 });
  for (const stage of stages) {
    const argv = ['cloud-init', ...stage.split(' ')];
    const { exitCode, stdout, stderr } = await execOnHost(lab, host, argv, { timeoutMs: 180_000 });
    assert.equal(exitCode, 0, `cloud-init ${stage}: ${stdout.slice(-1_000)}${stderr.slice(-2_000)}`);
  }
}
