/** Makes `dist/`, the JavaScript that the package ships: Node strips no types under node_modules. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleGuest } from './runtime/sandbox/guest-bundle.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

rmSync(inRepository('dist'), { recursive: true, force: true });
const tsc = inRepository('node_modules/typescript-native/bin/tsc');
execFileSync(process.execPath, [tsc, '--project', inRepository('tsconfig.build.json')], { stdio: 'inherit' });
// What is not TypeScript to compile (manifest, validators, typings) is taken as it is.
cpSync(inRepository('generated'), inRepository('dist/generated'), {
  recursive: true,
  filter: (path) => path.endsWith('.d.ts') || !path.endsWith('.ts'),
});
writeFileSync(inRepository('dist/runtime/sandbox/guest.js'), await bundleGuest());
