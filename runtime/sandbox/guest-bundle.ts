import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** Reads the guest as one text: bundled from source in a checkout, beside this file in the built package. */
export async function readGuest(): Promise<string> {
  return FROM_SOURCE ? bundleGuest() : readFile(new URL('./guest.js', import.meta.url), 'utf8');
}

/**
 * Bundles the guest, with SES and all that it imports, into the text of one script.
 * @param entry the module that starts it; the guest's own when left out
 */
export async function bundleGuest(entry = new URL('./guest/entry.ts', import.meta.url)): Promise<string> {
  // The stubs run in a Compartment, not in the realm of the guest's own code, so they travel as text.
  const stubs = await bundle(new URL('./guest/stubs.ts', import.meta.url), 'stubs', {});
  return await bundle(entry, undefined, { STUBS: JSON.stringify(`${stubs}\nstubs.createScope`) });
}

async function bundle(
  entry: URL,
  globalName: string | undefined,
  define: Record<string, string>,
): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'node',
    target: 'node26',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    // SES refuses to start in sloppy code.
    banner: { js: '"use strict";' },
    define,
    ...(globalName !== undefined && { globalName }),
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  return output.text;
}
