import 'ses';
import type { LockdownOptions } from 'ses';
import { LANGUAGE_NAMES } from '../../contract/language.ts';
import { locateError } from './program-text.ts';

/** What is left once the realm is locked down and emptied. */
export interface Perimeter {
  /** Opens a fresh Compartment that holds `globals` and the language, and nothing else: evaluates texts in it. */
  readonly open: (globals: Readonly<Record<string, unknown>>) => (source: string) => unknown;
  readonly locate: (error: unknown) => string;
  readonly isError: (value: unknown) => boolean;
}

/** Every option explicit: an omitted one would be filled from the environment. */
const LOCKDOWN: LockdownOptions = {
  // Programs read no stacks; `getStackString` still tells the host where an error was made.
  errorTaming: 'safe',
  stackFiltering: 'verbose',
  errorTrapping: 'none',
  unhandledRejectionTrapping: 'none',
  reporting: 'none',
  regExpTaming: 'safe',
  // The locale is the same on every machine, since the environment is empty.
  localeTaming: 'unsafe',
  consoleTaming: 'unsafe',
  overrideTaming: 'moderate',
  overrideDebug: [],
  domainTaming: 'safe',
  evalTaming: 'no-eval',
  legacyRegeneratorRuntimeTaming: 'safe',
  __hardenTaming__: 'safe',
};

/** All else goes from a Compartment: evaluators, since a nested one would not inherit what this one refuses; objects of the host. */
const KEPT: ReadonlySet<string | symbol> = new Set(LANGUAGE_NAMES);

/** Harmless constructors that SES leaves out of Compartments for the bits of a NaN that they show. */
const NUMERIC_ARRAYS = ['Float16Array', 'Float32Array', 'Float64Array'];

/** Locks the realm down and empties it. Irrevocable: afterwards no code in it reaches Node by a name. */
export function raisePerimeter(): Perimeter {
  const { isError } = Error;
  lockdown(LOCKDOWN);
  const Confined = Compartment;
  const getStackString: (error: unknown) => string = Reflect.get(globalThis, 'getStackString');
  const arrays = Object.fromEntries(NUMERIC_ARRAYS.map((name) => [name, Reflect.get(globalThis, name)]));
  const removed = Reflect.ownKeys(new Confined().globalThis).filter((name) => !KEPT.has(name));
  const createGlobal = (globals: Readonly<Record<string, unknown>>): Compartment => {
    const compartment = new Confined({ globals: { ...arrays, ...globals }, __options__: true });
    for (const name of removed) Reflect.deleteProperty(compartment.globalThis, name);
    // Frozen before the first evaluation, so that SES binds every name as a constant: look-ups stay fast.
    Object.freeze(compartment.globalThis);
    return compartment;
  };
  scuttle(new Set(Reflect.ownKeys(createGlobal({}).globalThis)));
  return {
    open: (globals) => {
      const compartment = createGlobal(globals);
      return (source) => compartment.evaluate(source);
    },
    locate: (error) => (isError(error) ? locateError(error, getStackString) : ''),
    isError: Object.freeze(isError),
  };
}

/** Removes every name from the start realm's global that the language itself does not need. */
function scuttle(kept: ReadonlySet<string | symbol>): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!kept.has(key)) Reflect.deleteProperty(globalThis, key);
  }
  Object.freeze(globalThis);
}
