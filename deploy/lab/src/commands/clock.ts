import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execOnHost } from '../hosts/exec-on-host.ts';
import { type Host, hostPlaces } from '../hosts/host.ts';
import { writeHostFile } from '../hosts/write-host-file.ts';
import { type Lab, logFile } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { installPackages } from '../machine/apt.ts';
import { withLabLock } from '../machine/lab-lock.ts';

/** Where Debian's libfaketime has its library. */
const librarySource = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
// In the host. /var is a folder of the machine: what is put there is on the host's disk at once.
const folder = 'var/lib/drover-lab';
const library = `/${folder}/libfaketime.so.1`;
const offsetFile = `/${folder}/clock`;
const dropInPath = '/etc/systemd/system/drover-agent.service.d/lab-clock.conf';

const dropIn = `[Service]
Environment=LD_PRELOAD=${library}
Environment=FAKETIME_TIMESTAMP_FILE=${offsetFile}
Environment=FAKETIME_CACHE_DURATION=1
# Durations stay what they are: only what the clock on the wall shows is wrong.
Environment=FAKETIME_DONT_FAKE_MONOTONIC=1
`;

/**
 * Has a host's agent see a clock that is so many days behind (less than 0: ahead), until another number is given or the
 * host's disk is thrown away: 0 is right again, within a second or two. The agent alone: the clock of all the rest is the machine's,
 * which is not touched. Where the agent runs and saw the machine's clock until now, it is started again.
 */
export async function setClock(
  lab: Lab,
  host: Host,
  { daysBehind, signal }: { readonly daysBehind: number; readonly signal: AbortSignal },
): Promise<void> {
  await withLabLock(lab, 60_000, async () => {
    const { disk } = hostPlaces(lab, host);
    const sign = daysBehind > 0 ? '-' : '+';
    const isWarped = existsSync(join(disk, library));
    if (!isWarped) {
      await installPackages(['libfaketime'], { log: logFile(lab), signal });
      await mkdir(join(disk, folder), { recursive: true });
      await copyFile(librarySource, join(disk, library));
    }
    await writeHostFile(lab, host, { path: offsetFile, content: `${sign}${Math.abs(daysBehind)}d\n`, mode: 0o644 });
    if (isWarped) return;
    await writeHostFile(lab, host, { path: dropInPath, content: dropIn, mode: 0o644 });
    const unit = 'drover-agent.service';
    const isRunning =
      (await execOnHost(lab, host, ['systemctl', 'is-active', '--quiet', unit], { signal })).exitCode === 0;
    for (const verb of [['daemon-reload'], ...(isRunning ? [['restart', unit]] : [])]) {
      const { exitCode, stderr } = await execOnHost(lab, host, ['systemctl', ...verb], { signal });
      if (exitCode !== 0)
        throw new LabError(`systemctl ${verb.join(' ')} on ${host.name}: ${stderr.trim()}`, 'Is the host up?');
    }
  });
}
