import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue } from './contract/catalogue.ts';
import { StartError } from './start-error.ts';

/** A backend beside the main one: what codegen compiled for it, and the command that starts it. */
export interface FurtherBackend {
  readonly catalogue: Catalogue;
  readonly command: string;
}

/**
 * Loads the catalogues of further backends.
 * @param choices each a folder that codegen wrote, `=`, and a command line
 * @throws {StartError} INVALID_SETTING
 */
export async function loadFurther(choices: readonly string[]): Promise<readonly FurtherBackend[]> {
  return await Promise.all(choices.map(load));
}

async function load(choice: string): Promise<FurtherBackend> {
  const [, folder = '', command = ''] = /^([^=]+)=(.*\S.*)$/s.exec(choice) ?? [];
  if (folder === '')
    throw invalid(choice, 'it must be a folder, `=`, and the command that starts the backend');
  const file = join(resolve(folder), 'catalogue.ts');
  try {
    await access(file);
  } catch (error) {
    throw invalid(choice, `${file} cannot be read; \`npm run codegen\` writes it`, error);
  }
  const { catalogue }: { readonly catalogue: Catalogue } = await import(pathToFileURL(file).href);
  return { catalogue, command };
}

function invalid(choice: string, why: string, cause?: unknown): StartError {
  return new StartError('INVALID_SETTING', `--also ${JSON.stringify(choice.slice(0, 200))}: ${why}.`, cause);
}
