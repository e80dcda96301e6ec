import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { actDirectly } from '@drover/agent/testing';
import type { ActionParams } from '@drover/proto';
import { type ContainerdRoot, startContainerdRoot } from './containerd-root.ts';

const dockersFile = 'disabled_plugins = ["cri"]\n\n# what somebody has noted\n#root = "/data"\n';

// One story on one containerd, the one of Debian's archive: each test begins where the one before has ended.
suite('the real containerd', { timeout: 180_000 }, () => {
  let directory = '';
  let site: ContainerdRoot;
  const asked: string[] = [];
  const mirror = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-containerd-'));
    mirror.listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    site = await startContainerdRoot(directory);
  });
  after(async () => {
    await site.stop();
    mirror.close();
    await rm(directory, { recursive: true });
  });

  const params = (): ActionParams<'configure-containerd'> => {
    const address = mirror.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return {
      configVersion: 2,
      cgroupDriver: 'systemd',
      sandboxImage: 'registry.example/pause:3.9',
      registries: [{ host: 'docker.io', mirrors: [`http://127.0.0.1:${port}`], insecure: false, caCertificate: '' }],
    };
  };
  const configure = async (mode: 'RUN' | 'INSPECT' = 'RUN') =>
    await actDirectly(
      site.host,
      { name: 'configure-containerd', params: params() },
      { nodeName: 'node-1', operationId: 'operation-1', mode, timeoutMs: 30_000 },
    );
  const path = () => join(site.root, 'etc/containerd/config.toml');

  /** What it will run by, once it has put its own defaults around the file. */
  async function checkDump(): Promise<void> {
    const dump = await site.run('containerd', 'config', 'dump');
    assert.match(dump, /runtimes\.runc\.options\][^[]*\bSystemdCgroup = true/);
    assert.match(dump, /\bsandbox_image = "registry\.example\/pause:3\.9"/);
    assert.match(dump, /\.registry\][^[]*\bconfig_path = "\/etc\/containerd\/certs\.d"/);
    assert.match(dump, /^disabled_plugins = \[\]$/m);
    assert.match(dump, /\bbin_dir = "\/opt\/cni\/bin"/);
  }

  test('takes what Drover makes of Debian’s file, and of its own defaults', async () => {
    await configure();
    await checkDump();
    await writeFile(path(), await site.run('containerd', 'config', 'default'));
    await configure();
    await checkDump();
  });

  test('runs by it where Docker’s packages had switched its CRI part off, after one restart', async () => {
    await writeFile(path(), dockersFile);
    await site.start();
    assert.doesNotMatch(await site.plugins(), /\bcri\b.*\bok\b/);
    await configure();
    assert.equal(site.restarts(), 1);
    await checkDump();
    assert.match(await site.plugins(), /io\.containerd\.grpc\.v1 +cri .* ok\b/);
    assert.match(await readFile(path(), 'utf8'), /^# what somebody has noted\n#root = "\/data"$/m);
  });

  test('is left alone by a second time', async () => {
    const found = await configure('INSPECT');
    assert.deepEqual(found.inspection, { satisfied: true, changes: [], probe: null });
    await configure();
    assert.equal(site.restarts(), 1);
  });

  test('asks the mirror of a registry for its images', async () => {
    const pull = site.run(
      'ctr',
      'images',
      'pull',
      '--hosts-dir=/etc/containerd/certs.d',
      'docker.io/library/nothing:1',
    );
    // The mirror has nothing, and Docker Hub need not be there.
    await pull.catch(() => undefined);
    assert.ok(asked.includes('/v2/library/nothing/manifests/1?ns=docker.io'), asked.join(' '));
  });
});
