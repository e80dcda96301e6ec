import { basename } from 'node:path';
import { build } from 'esbuild';
import type { Bundle } from './components.ts';

/** CommonJS dependencies call `require`, which an ECMAScript module does not have. */
const requireForCommonJs = [
  "import { createRequire as droverCreateRequire } from 'node:module';",
  'const require = droverCreateRequire(import.meta.url);',
].join('\n');

/**
 * Bundles programs with everything they import. What several of them load, and what one of them loads later or not at
 * all, is in files of its own beside them: a program starts with what it needs. Each file has its source map.
 */
export async function writeBundles(
  bundles: readonly Bundle[],
  repositoryRoot: string,
  targetFolder: string,
): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: bundles.map(({ entry, output }) => ({ in: entry, out: basename(output, '.mjs') })),
    outdir: targetFolder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared-[hash]',
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    banner: { js: requireForCommonJs },
    sourcemap: 'linked',
    // The sources themselves would double the package; names and line numbers are enough for a stack trace.
    sourcesContent: false,
    keepNames: true,
    legalComments: 'eof',
    logLevel: 'warning',
  });
}
