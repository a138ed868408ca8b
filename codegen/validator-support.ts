import ucs2length from 'ajv/dist/runtime/ucs2length.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isSameJson } from './same-json.ts';
import { findDuplicate } from './unique-items.ts';

const MODULES = new Map<string, object>(
  Object.entries({
    'ajv/dist/runtime/equal': { default: isSameJson },
    'ajv/dist/runtime/ucs2length': ucs2length,
    'ajv-formats/dist/formats': { fullFormats },
    '../unique-items.ts': { findDuplicate },
  }),
);

/**
 * What the code of validators calls `require`: the few modules that Ajv's output asks for, by the names that it uses.
 * Bundled into the output folder, once for all of its validators.
 * @throws {Error} for any other name
 */
export function supply(name: string): object {
  const found = MODULES.get(name);
  if (found === undefined) throw new Error(`Validators have no use for ${name}`);
  return found;
}
