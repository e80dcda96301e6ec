import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drover, npm, readExample } from '../quick-start.ts';

/** The lab of `npm start` with a cluster of one control-plane node and two workers, and its machines' provisioner. */
export interface Site {
  /** After whatever an earlier run left is gone. */
  start(): Promise<void>;
  dispose(): Promise<void>;
  /** A changed copy of the cluster file that the lab was brought up with. */
  clusterFile(change?: (text: string) => string): Promise<string>;
  /** The file that the node's provisioner gives to its machine with each image: a cloud-config with the node's credential. */
  userDataOf(node: string): Promise<string>;
  /**
   * Throws a machine's disk away and starts it as its provisioner does, with further options of the lab's `reimage`. Nothing of
   * this asks Drover for anything.
   */
  reimage(node: string, ...options: readonly string[]): Promise<void>;
}

/** Nothing is made before `start`. */
export function createSite(): Site {
  let folder = '';
  const userData = new Map<string, Promise<string>>();

  const writeUserData = async (node: string): Promise<string> => {
    const file = join(folder, node);
    const { exitCode, all } = await drover('enroll', 'snippet', node, '--format', 'cloud-init', '--out', file);
    assert.equal(exitCode, 0, all);
    return file;
  };
  const userDataOf: Site['userDataOf'] = async (node) => {
    const written = userData.get(node) ?? writeUserData(node);
    userData.set(node, written);
    return await written;
  };

  return {
    userDataOf,
    start: async () => {
      folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
      await npm('run', 'lab', '--', 'down');
      const started = await npm('start');
      assert.equal(started.exitCode, 0, started.all.slice(-4_000));
    },
    clusterFile: async (change = (text) => text) => {
      const file = join(folder, 'cluster.yaml');
      await writeFile(file, change(await readExample('lab.yaml')));
      return file;
    },
    dispose: async () => {
      await npm('run', 'lab', '--', 'down');
      await rm(folder, { recursive: true, force: true });
    },
    reimage: async (node, ...options) => {
      const userDataFile = await userDataOf(node);
      const { exitCode, all } = await npm(
        ...['run', 'lab', '--', 'reimage', node, '--user-data', userDataFile, ...options],
      );
      assert.equal(exitCode, 0, all);
    },
  };
}
