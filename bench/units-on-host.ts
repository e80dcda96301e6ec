// Runs on a host of the lab, bundled: measures units of systemd with the program that the host's package brought, and
// prints the readings as JSON.
import { createLinuxHost } from '../packages/agent/src/host/linux-host.ts';
import { openSystemdSupervisor } from '../packages/agent/src/units/systemd-supervisor.ts';
import { measureUnits } from './measure-units.ts';

const readings = await measureUnits({
  host: { kind: 'linux' },
  supervisor: await openSystemdSupervisor(createLinuxHost()),
  program: [process.execPath, '/usr/lib/drover/agent/unit.mjs'],
  coldRounds: 10,
  warmRounds: 50,
});
process.stdout.write(JSON.stringify(readings));
