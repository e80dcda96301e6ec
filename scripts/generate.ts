// Writes the generated files, or with --check only compares them with what the generators would write.
import { parseArgs } from 'node:util';
import { generators } from './generators/index.ts';
import { runGenerator } from './generators/run-generator.ts';
import { repositoryRoot } from './repository.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const generator of generators) {
  const different = await runGenerator(generator, repositoryRoot, !values.check);
  for (const path of different) console.log(`${values.check ? 'out of date' : 'written'}: ${path}`);
  if (!values.check || different.length === 0) continue;
  console.log(`run npm run generate (${generator.name})`);
  process.exitCode = 1;
}
