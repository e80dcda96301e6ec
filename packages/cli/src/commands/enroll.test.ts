import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, suite, test } from 'node:test';
import { parse } from 'yaml';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover, directory } = fixture;
after(() => fixture.close());

const token = `drv1.${'i'.repeat(22)}.${'s'.repeat(43)}.${'c'.repeat(43)}`;
const snippet = ['enroll', 'snippet', 'worker-1', '--format', 'cloud-init'];

beforeEach(() => {
  asked.length = 0;
  answers['GET /coordinator'] = {
    body: {
      epoch: 4,
      pin: 'drvp1.pin',
      agentEndpoints: [{ enrollment: 'a.example:9445', session: 'a.example:9444' }],
    },
  };
  answers['POST /tokens'] = { status: 201, body: { tokenId: 't-1', token, node: 'worker-1' } };
  answers['DELETE /tokens/t-1'] = { status: 204 };
  const bounds = { rules: [{ hostname: 'worker-*' }], atMost: 20, expiresAt: '2026-01-31T00:00:00.000Z' };
  answers['POST /fleet-tokens'] = { status: 201, body: { tokenId: 'f-1', token, ...bounds } };
  answers['DELETE /fleet-tokens/f-1'] = { status: 204 };
});

/** The agent's configuration in a cloud-config. */
function agentConfiguration(text: string): unknown {
  const { write_files: files } = parse(text) as {
    readonly write_files: readonly { readonly path: string; readonly content: string }[];
  };
  return parse(files.find(({ path }) => path === '/etc/drover/agent.yaml')?.content ?? '');
}

suite('drover enroll snippet', () => {
  test('asks for a machine credential and shows it once, inside the snippet alone', async () => {
    const { exitCode, stdout, stderr } = await drover(snippet);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(asked, ['GET /coordinator', 'POST /tokens {"node":"worker-1","use":"machine"}']);
    assert.deepEqual([stdout.split(token).length, stderr.includes(token)], [2, false]);
    assert.match(stderr, /^machine credential t-1 for worker-1: .*\n {2}drover token delete t-1\n$/);
    const coordinators = [{ enrollment: 'a.example:9445', session: 'a.example:9444' }];
    assert.deepEqual(agentConfiguration(stdout), { coordinators });
  });

  test('of no node in particular has what a machine trusts, no credential, and says that it lets nobody in', async () => {
    const { exitCode, stdout, stderr } = await drover(['enroll', 'snippet', '--format', 'kickstart']);
    assert.deepEqual([exitCode, asked], [0, ['GET /coordinator']]);
    assert.match(stdout, /^drvp1\.pin$/m);
    assert.match(stderr, /nothing secret.*\n {2}drover get claims\n$/);
  });

  const fleet = ['enroll', 'snippet', '--fleet', '--format', 'cloud-init', '--hostname', 'worker-*', '--at-most', '20'];

  test('of a fleet has a token made by the rules that are given, and shows it once, inside the snippet alone', async () => {
    const { exitCode, stdout, stderr } = await drover(fleet);
    assert.equal(exitCode, 0, stderr);
    const asks = 'POST /fleet-tokens {"rules":[{"hostname":"worker-*"}],"atMost":20}';
    assert.deepEqual(asked, ['GET /coordinator', asks]);
    assert.deepEqual([stdout.split(token).length, stderr.includes(token)], [2, false]);
    assert.match(
      stderr,
      /^fleet token f-1\n {2}at most 20 by its rules, until 2026-01-31.*\n {2}drover fleet delete f-1\n$/,
    );
  });

  test('takes the hosts that are given, with the ports that the coordinator has', async () => {
    const { stdout } = await drover([...snippet, '--coordinator', '10.0.12.2', '[fd00::1]']);
    assert.deepEqual(agentConfiguration(stdout), {
      coordinators: [
        { enrollment: '10.0.12.2:9445', session: '10.0.12.2:9444' },
        { enrollment: '[fd00::1]:9445', session: '[fd00::1]:9444' },
      ],
    });
  });

  test('writes a file that nobody else can read, though others could read what was there', async () => {
    const path = join(directory, 'snippet');
    await writeFile(path, 'of old', { mode: 0o644 });
    const { exitCode, stdout, stderr } = await drover([...snippet, '--out', path]);
    assert.deepEqual([exitCode, stdout, stderr.includes(token)], [0, '', false]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match(await readFile(path, 'utf8'), /^#cloud-config\n/);
  });

  test('takes the credential back that it cannot write down', async () => {
    const { exitCode, stderr } = await drover([...snippet, '--out', join(directory, 'none', 'snippet')]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /file-unwritable/);
    assert.equal(asked.at(-1), 'DELETE /tokens/t-1');
    await drover([...fleet, '--out', join(directory, 'none', 'snippet')]);
    assert.equal(asked.at(-1), 'DELETE /fleet-tokens/f-1');
  });

  const wrong: readonly (readonly string[])[] = [
    ['--format', 'preseed'],
    ['--rpm', 'https://a.example/x.rpm', '--repository', 'https://a.example/'],
    ['--deb', 'https://a.example/x.deb', '--rpm', 'https://a.example/x.rpm'],
    ['--deb', 'https://a.example/x.deb', '--format', 'kickstart'],
    ['--repository-key', 'https://a.example/key'],
    ['--rpm', "https://a.example/x'$(reboot)'.rpm"],
    ['--rpm', 'https://a.example/x.rpm\nDROVER_END'],
    ['--rpm', '--nogpgcheck'],
    ['--coordinator', 'a.example:8445'],
    ['--coordinator', 'a.example\nx'],
    ['--fleet'],
    ['--hostname', 'worker-*'],
    ['--ttl', '60'],
  ];
  for (const words of wrong)
    test(`makes no credential for what cannot be: ${JSON.stringify(words.join(' '))}`, async () => {
      const { exitCode, stdout } = await drover([...snippet, ...words]);
      assert.deepEqual([exitCode, stdout, asked], [2, '', []]);
    });
});
