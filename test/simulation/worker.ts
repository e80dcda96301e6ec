// Simulates the cases that it is given, and says of each how it was.
import { parentPort } from 'node:worker_threads';
import { type Case, runCase } from './cases.ts';
import { createSurroundings } from './surroundings.ts';

// Nobody reads the stack of an error in a simulation, and there are many.
Error.stackTraceLimit = 0;
const surroundings = await createSurroundings();
parentPort?.on('message', (each: Case) => {
  void runCase(surroundings, each).then(({ ends, violations }) => parentPort?.postMessage({ ends, violations }));
});
