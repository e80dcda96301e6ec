import { execOnHost } from '../hosts/exec-on-host.ts';
import type { Host } from '../hosts/host.ts';
import { writeHostFile } from '../hosts/write-host-file.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import type { UserData } from './parse-user-data.ts';

const commandTimeoutMs = 180_000;

/** Does to a host what cloud-init does to a machine at its first boot: writes the files, then runs the commands. */
export async function applyUserData(
  lab: Lab,
  host: Host,
  { files, commands }: UserData,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  for (const file of files) await writeHostFile(lab, host, file);
  for (const [program = '', ...rest] of commands) {
    const result = await execOnHost(lab, host, [program, ...rest], { timeoutMs: commandTimeoutMs, ...options });
    if (result.exitCode === 0) continue;
    throw new LabError(
      `${program} of the user data failed on ${host.name}: ${(result.stderr.trim() || result.stdout.trim()).slice(-2_000)}`,
      'See that `npm run lab -- status` says the mirrors are serving, then reimage the host again.',
    );
  }
}
