import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { runCommand } from '../command.ts';
import type { Generator } from './generator.ts';

const packageFolder = 'packages/proto';
const output = 'packages/proto/src/gen';

/**
 * The options the types are generated for. They must say the same as the options given to `protoLoader.fromJSON` in
 * packages/proto: the generated types describe what a loader with these options hands out.
 */
const loaderFlags = ['--longs=Number', '--enums=String', '--defaults', '--oneofs'];

/** The contract's TypeScript types, and the contract itself as data, which a bundle can embed as it cannot .proto files. */
export const protoGenerator: Generator = {
  name: 'proto',
  outputs: [output],
  run: async (repositoryRoot, targetRoot) => {
    const cwd = join(repositoryRoot, packageFolder);
    const files = globSync('**/*.proto', { cwd: join(cwd, 'proto') }).toSorted();
    if (files.length === 0) throw new Error(`no .proto file under ${packageFolder}/proto`);
    const target = join(targetRoot, output);
    await mkdir(target, { recursive: true });
    await generateTypes(cwd, files, target);
    await writeFile(join(target, 'descriptor.ts'), renderDescriptor(describe(cwd, files)));
  },
};

async function generateTypes(cwd: string, files: readonly string[], target: string): Promise<void> {
  const generator = join(cwd, 'node_modules', '.bin', 'proto-loader-gen-types');
  const flags = [...loaderFlags, '--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts', '--includeComments'];
  const result = await runCommand(generator, [...flags, '-I', 'proto', '-O', target, ...files], {
    cwd,
    timeoutMs: 60_000,
  });
  if (result.status !== 0) throw new Error(`proto-loader-gen-types failed:\n${result.output}`);
}

/** Loads synchronously, because the asynchronous form orders the types by which file was read first. */
function describe(cwd: string, files: readonly string[]): protobuf.INamespace {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(cwd, 'proto', target);
  root.loadSync([...files]);
  return root.resolveAll().toJSON();
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
