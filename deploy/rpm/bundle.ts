import { join } from 'node:path';
import { build } from 'esbuild';
import type { Bundle } from './components.ts';

/** CommonJS dependencies call `require`, which an ECMAScript module does not have. */
const requireForCommonJs = [
  "import { createRequire as droverCreateRequire } from 'node:module';",
  'const require = droverCreateRequire(import.meta.url);',
].join('\n');

/** Bundles a program with everything it imports into one module, and a source map beside it. */
export async function writeBundle(bundle: Bundle, repositoryRoot: string, targetFolder: string): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [bundle.entry],
    outfile: join(targetFolder, bundle.output),
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
