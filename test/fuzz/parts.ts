import { openFixture } from '../check/fixture.ts';
import { fuzzCheck } from './check.ts';
import { fuzzFrames } from './frames.ts';
import type { FuzzOptions, FuzzReport } from './fuzzer.ts';
import { fuzzGuests } from './guests.ts';
import { fuzzPrograms } from './programs.ts';
import { fuzzValues } from './values.ts';
import { fuzzWorkers } from './workers.ts';

/** One fuzzer in one setting. */
export interface Part {
  /** `programs:all`: a group and, where it has several parts, which one. */
  readonly name: string;
  /** How many inputs are tried when nobody says: a few minutes in all. */
  readonly count: number;
  /** Its share of the time when that is what is given. */
  readonly share: number;
  readonly fuzz: (options: FuzzOptions) => Promise<FuzzReport>;
}

export const PARTS: readonly Part[] = [
  {
    name: 'programs:all',
    count: 10_000,
    share: 4,
    fuzz: (options) => fuzzPrograms({ ...options, configuration: 'all' }),
  },
  {
    name: 'programs:checkOff',
    count: 10_000,
    share: 4,
    fuzz: (options) => fuzzPrograms({ ...options, configuration: 'checkOff' }),
  },
  {
    name: 'programs:processOnly',
    count: 1_000,
    share: 2,
    fuzz: (options) => fuzzPrograms({ ...options, configuration: 'processOnly' }),
  },
  { name: 'check:untyped', count: 20_000, share: 4, fuzz: fuzzCheck },
  { name: 'check:typed', count: 2_000, share: 1, fuzz: fuzzTypedCheck },
  { name: 'frames:streams', count: 20_000, share: 2, fuzz: fuzzFrames },
  { name: 'frames:workers', count: 500, share: 1, fuzz: fuzzWorkers },
  { name: 'frames:guests', count: 60, share: 1, fuzz: fuzzGuests },
  { name: 'values', count: 5_000, share: 2, fuzz: fuzzValues },
];

/** The check as it is, types and thread and all. */
async function fuzzTypedCheck(options: FuzzOptions): Promise<FuzzReport> {
  const check = await openFixture();
  try {
    return await fuzzCheck({ ...options, check: check.check, name: 'check:typed' });
  } finally {
    await check.close();
  }
}
