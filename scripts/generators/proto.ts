import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { runCommand } from '../command.ts';
import type { Generator } from './generator.ts';

const packageFolder = 'packages/proto';
const output = 'packages/proto/src/gen';

/**
 * The options the types are generated for. They must say the same as the options given to `fromJSON` in packages/proto:
 * the generated types describe what a loader with these options hands out.
 */
const loaderFlags = ['--longs=Number', '--enums=String', '--defaults', '--oneofs'];

/** The contract's TypeScript types, and the contract itself as data, which a bundle can embed as it cannot .proto files. */
export const protoGenerator: Generator = {
  name: 'proto',
  outputs: [output],
  run: async (repositoryRoot, targetRoot) => {
    const target = join(targetRoot, output);
    await mkdir(target, { recursive: true });
    await generateTypes(repositoryRoot, target);
    await writeFile(join(target, 'descriptor.ts'), renderDescriptor(describeContract(repositoryRoot)));
  },
};

/** Parses every .proto file. Throws when there is none, or when one is wrong. */
export function describeContract(repositoryRoot: string): protobuf.INamespace {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(repositoryRoot, packageFolder, 'proto', target);
  // The asynchronous form orders the types by which file happened to be read first.
  root.loadSync(contractFiles(repositoryRoot));
  return root.resolveAll().toJSON();
}

async function generateTypes(repositoryRoot: string, target: string): Promise<void> {
  const cwd = join(repositoryRoot, packageFolder);
  const generator = join(cwd, 'node_modules', '.bin', 'proto-loader-gen-types');
  const flags = [...loaderFlags, '--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts', '--includeComments'];
  const args = [...flags, '-I', 'proto', '-O', target, ...contractFiles(repositoryRoot)];
  const result = await runCommand(generator, args, { cwd, timeoutMs: 60_000 });
  if (result.status !== 0) throw new Error(`proto-loader-gen-types failed:\n${result.output}`);
}

function contractFiles(repositoryRoot: string): string[] {
  const folder = join(repositoryRoot, packageFolder, 'proto');
  const files = globSync('**/*.proto', { cwd: folder }).toSorted();
  if (files.length === 0) throw new Error(`no .proto file under ${folder}`);
  return files;
}

/** The type assertion is there because protobufjs declares map fields wrongly and every method's comment as required. */
function renderDescriptor(descriptor: protobuf.INamespace): string {
  return [
    "import type { fromJSON } from '@grpc/proto-loader';",
    '',
    '/** The contract, for `fromJSON` of @grpc/proto-loader. */',
    `export const descriptor = ${JSON.stringify(descriptor, null, 2)} as object as Parameters<typeof fromJSON>[0];`,
    '',
  ].join('\n');
}
