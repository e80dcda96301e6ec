import { execOnHost } from '../hosts/exec-on-host.ts';
import type { Host } from '../hosts/host.ts';
import { writeHostFile } from '../hosts/write-host-file.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';

/** What cloud-init hands to a new machine. */
export interface AgentSeed {
  /** Addresses of the coordinators, each `host:port`: where an agent enrols and where it keeps its session. */
  readonly coordinators: readonly { readonly enrollment: string; readonly session: string }[];
  /** A one-use enrolment token. */
  readonly token: string;
}

/**
 * Does to a host what cloud-init does to a VM: writes the agent's configuration and enrolment token, and installs the
 * package from the lab's repository; the package enables and starts the unit. The package must have been published.
 */
export async function installAgent(
  lab: Lab,
  host: Host,
  seed: AgentSeed,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const configuration = JSON.stringify({ coordinators: seed.coordinators }, null, 2); // JSON is YAML.
  await writeHostFile(lab, host, { path: '/etc/drover/agent.yaml', content: `${configuration}\n`, mode: 0o644 });
  await writeHostFile(lab, host, { path: '/etc/drover/enrollment-token', content: `${seed.token}\n`, mode: 0o600 });
  const install = [
    'dnf',
    '--assumeyes',
    '--quiet',
    '--refresh',
    '--disablerepo=*',
    '--enablerepo=drover',
    'install',
    'drover-agent',
  ];
  const result = await execOnHost(lab, host, install, { timeoutMs: 180_000, ...options });
  if (result.exitCode === 0) return;
  throw new LabError(
    `cannot install drover-agent on ${host.name}: ${(result.stderr.trim() || result.stdout.trim()).slice(-2_000)}`,
    'Publish the package with publishAgentPackage, and see that `npm run lab -- status` says the mirrors are serving.',
  );
}
