import { copyFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Lab, logFile } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { withLabLock } from '../machine/lab-lock.ts';
import { runLogged } from '../progress/index.ts';
import { readState } from '../state/lab-state.ts';

/** Puts an RPM into the repository that the lab's hosts take the agent from, and renews the repository's index. */
export async function publishAgentPackage(
  lab: Lab,
  rpmFile: string,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  await withLabLock(lab, 60_000, async () => {
    const { served } = await readState(lab);
    if (served === undefined) throw new LabError('the lab serves no packages', 'Bring it up first: npm run lab -- up');
    const repository = join(served.yumDirectory, 'drover');
    const target = join(repository, basename(rpmFile));
    await copyFile(rpmFile, `${target}.unfinished`);
    await rename(`${target}.unfinished`, target);
    await runLogged('createrepo_c', ['--update', '--quiet', repository], {
      log: logFile(lab),
      timeoutMs: 60_000,
      ...options,
    });
  });
}
