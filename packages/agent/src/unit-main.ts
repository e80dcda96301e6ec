import { waitForShutdown } from '@drover/core';
import { composeUnit } from './compose-unit.ts';

// The program of a unit: its one argument is the unit's folder. Everything else it is told by what lies there.
const [folder = ''] = process.argv.slice(2);
const unit = await composeUnit(folder);
const stop = new AbortController();
const running = unit.run(stop.signal);
await Promise.race([waitForShutdown(process), running]);
stop.abort(new Error('the unit was asked to stop'));
await running;
// A command that it could not end must not keep it.
process.exit();
