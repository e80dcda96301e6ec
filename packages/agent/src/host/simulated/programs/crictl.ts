import type { Machine } from '../machine.ts';
import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';
import { unitReport } from '../units.ts';
import { pullImage } from './image-supply.ts';

/** crictl(1) over containerd: which images it has, and pulling them. */
export const crictl: Program = async (call) => {
  if (!(await answersCri(call.machine))) {
    call.complain('level=fatal msg="validate service connection: CRI v1 runtime API is not implemented for endpoint"');
    return 1;
  }
  const [verb, image = ''] = operands(call.args);
  if (verb === 'pull') return pull(call, image);
  if (verb === 'inspecti') return inspectImage(call, image);
  return notPlayed(call, 'crictl');
};

/** Whether containerd runs, with its CRI part: a restart is instantaneous here, so that the file is what it runs by. */
export async function answersCri(machine: Machine): Promise<boolean> {
  const { active } = await unitReport(machine, 'containerd');
  return active === 'active' && !/^disabled_plugins\s*=\s*\[[^\]]*\bcri\b/m.test(await readConfiguration(machine));
}

/** The cgroup driver of the machine's containerd. */
export async function containerdCgroupDriver(machine: Machine): Promise<string> {
  return /^\s*SystemdCgroup\s*=\s*true\b/m.test(await readConfiguration(machine)) ? 'systemd' : 'cgroupfs';
}

async function readConfiguration({ files }: Machine): Promise<string> {
  return (await files.readFile('/etc/containerd/config.toml')) ?? '';
}

async function pull(call: ProgramCall, reference: string): Promise<number> {
  const pulled = await pullImage(call, reference);
  if ('digest' in pulled) {
    call.print(`Image is up to date for ${pulled.digest}`);
    return 0;
  }
  const reason =
    pulled.failure === 'missing'
      ? `failed to resolve reference "${reference}": ${reference}: not found`
      : `failed to do request: Head "https://${pulled.host}/v2/": dial tcp: connect: connection refused`;
  call.complain(
    `level=fatal msg="pulling image: rpc error: failed to pull and unpack image "${reference}": ${reason}"`,
  );
  return 1;
}

async function inspectImage(call: ProgramCall, reference: string): Promise<number> {
  const digest = (await call.machine.state()).images[reference];
  if (digest === undefined) {
    call.complain(`level=fatal msg="no such image "${reference}" present"`);
    return 1;
  }
  const name = reference.replace(/:[^:/]*$/, '');
  call.print(JSON.stringify({ status: { id: digest, repoTags: [reference], repoDigests: [`${name}@${digest}`] } }));
  return 0;
}
