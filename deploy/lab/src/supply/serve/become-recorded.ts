// Run as: node become-recorded.ts PID-FILE CGROUP PROGRAM [ARGUMENT...]
// Records itself, joins the cgroup unless that is empty, and becomes the program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [pidFile, cgroup, program, ...args] = process.argv.slice(2);
if (pidFile === undefined || cgroup === undefined || program === undefined || process.execve === undefined) {
  throw new Error('usage: become-recorded.ts PID-FILE CGROUP PROGRAM [ARGUMENT...]');
}
writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o644 });
if (cgroup !== '') writeFileSync(join(cgroup, 'cgroup.procs'), `${process.pid}`);
process.execve(program, [program, ...args], process.env);
