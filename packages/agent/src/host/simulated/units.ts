import type { Machine } from './machine.ts';

/** What systemd would say of a unit. */
export interface UnitReport {
  readonly id: string;
  readonly exists: boolean;
  /** As ActiveState. */
  readonly active: 'active' | 'inactive' | 'activating';
  /** As UnitFileState. */
  readonly file: 'enabled' | 'disabled' | 'masked';
}

/** The state of a unit; one without a suffix is a service. */
export async function unitReport(machine: Machine, name: string): Promise<UnitReport> {
  const id = name.includes('.') ? name : `${name}.service`;
  const unit = id.replace(/\.service$/, '');
  const [state, file] = await Promise.all([machine.state(), machine.files.status(`/usr/lib/systemd/system/${id}`)]);
  const known = state.units[unit] ?? { active: false, enabled: false };
  const isMasked = state.links[`/etc/systemd/system/${id}`] === '/dev/null';
  // A kubelet that has not been configured ends at once, and systemd starts it again for ever.
  const isWaiting = unit === 'kubelet' && (await machine.files.status('/var/lib/kubelet/config.yaml')) === undefined;
  const active = !known.active ? 'inactive' : isWaiting ? 'activating' : 'active';
  return { id, exists: file !== undefined, active, file: isMasked ? 'masked' : known.enabled ? 'enabled' : 'disabled' };
}

/** Starts a service, with what it needs. */
export async function startUnit(machine: Machine, name: string): Promise<void> {
  const unit = name.replace(/\.service$/, '');
  // First: a docker that is active has its socket, also when systemctl is killed.
  if (unit === 'docker') await machine.files.writeFile('/run/docker.sock', '', { mode: 0o660 });
  if (unit === 'cri-docker.socket') await machine.files.writeFile('/run/cri-dockerd.sock', '', { mode: 0o660 });
  await machine.change((state) => {
    for (const each of unit === 'docker' ? ['containerd', 'docker'] : [unit]) {
      state.units[each] = { enabled: state.units[each]?.enabled ?? false, active: true };
    }
  });
}

/** Stops a service; nothing happens to one that does not run. */
export async function stopUnit(machine: Machine, name: string): Promise<void> {
  const unit = name.replace(/\.service$/, '');
  await machine.change((state) => {
    const known = state.units[unit];
    if (known !== undefined) known.active = false;
  });
  if (unit === 'docker') await machine.files.removeFile('/run/docker.sock');
}
