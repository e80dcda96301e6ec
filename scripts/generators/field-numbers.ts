import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  compatibilityFaults,
  type DescriptorNode,
  extendFieldNumbers,
  type FieldNumbers,
} from '../../packages/proto/src/compatibility.ts';
import type { Generator } from './generator.ts';
import { describeContract } from './proto.ts';

const output = 'packages/proto/field-numbers.json';
const startOver = `(A contract that no release has carried yet may start over: write {} into ${output}.)`;

/** Adds the contract's new field numbers to the registry of all numbers ever used, and refuses one used for two things. */
export const fieldNumbersGenerator: Generator = {
  name: 'field numbers',
  outputs: [output],
  run: async (repositoryRoot, targetRoot) => {
    const registry = JSON.parse(await readFile(join(repositoryRoot, output), 'utf8')) as FieldNumbers;
    const descriptor = describeContract(repositoryRoot) as DescriptorNode;
    const faults = compatibilityFaults(registry, descriptor);
    if (faults.length > 0) throw new Error(`the contract breaks compatibility:\n${faults.join('\n')}\n${startOver}`);
    const target = join(targetRoot, output);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, `${JSON.stringify(extendFieldNumbers(registry, descriptor), null, 2)}\n`);
  },
};
