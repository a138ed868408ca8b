import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Decoded, FrameDecoder } from '../../runtime/sandbox/frames.ts';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import { type Decoder, fuzzFrames } from './frames.ts';
import { fuzzGuests } from './guests.ts';
import { fuzzWorkers } from './workers.ts';

becomeOrdinaryUser();

const SEED = 20_263;

test('whatever a worker sends, it is read as it was sent, and its run has the one end that the protocol says', async () => {
  const { done, tally, findings } = await fuzzFrames({ seed: SEED, count: 1_500 });
  assert.deepEqual(findings, []);
  assert.equal(done, 1_500);
  for (const end of [
    'PROTOCOL_VIOLATION',
    'CANCELLED',
    'returned',
    'threw',
    'RESULT_TOO_LARGE',
    'RESULT_NOT_JSON',
  ]) {
    assert.ok((tally[end] ?? 0) > 8, JSON.stringify(tally));
  }
});

test('a process that is no worker cannot make the parent throw, or end twice', async () => {
  const { done, findings } = await fuzzWorkers({ seed: SEED, count: 12 });
  assert.deepEqual(findings, []);
  assert.equal(done, 12);
});

test('after a hostile guest’s runs the same tenant is served as if nothing had been', async () => {
  const { done, findings } = await fuzzGuests({ seed: SEED, count: 6 });
  assert.deepEqual(findings, []);
  assert.equal(done, 6);
});

/** Decoders with a mistake each. */
class Hoarder {
  readonly #decoder: FrameDecoder;
  readonly #kept: Uint8Array[] = [];
  constructor(cap: number) {
    this.#decoder = new FrameDecoder(cap);
  }
  push(chunk: Uint8Array): Decoded {
    this.#kept.push(chunk);
    return this.#decoder.push(chunk);
  }
}

class Forgetful extends FrameDecoder {
  /** Takes a header for lost that does not come whole. */
  override push(chunk: Uint8Array): Decoded {
    return chunk.length < 3 ? { frames: [] } : super.push(chunk);
  }
}

class Credulous extends FrameDecoder {
  constructor(cap: number) {
    super(cap * 1_000);
  }
}

class Brittle extends FrameDecoder {
  override push(chunk: Uint8Array): Decoded {
    const decoded = super.push(chunk);
    if (decoded.violation !== undefined) throw new Error(decoded.violation);
    return decoded;
  }
}

const WRONG: readonly (readonly [mistake: string, decoder: Decoder, told: RegExp])[] = [
  ['keeps what it was sent', Hoarder, /holds \d+ bytes/],
  ['loses small pieces', Forgetful, /frames were read|read as something else|not told rightly/],
  ['allows more than the cap', Credulous, /not told rightly/],
  ['throws', Brittle, /threw/],
];

for (const [mistake, decoder, told] of WRONG) {
  test(`a decoder that ${mistake} is found`, async () => {
    const { findings } = await fuzzFrames({
      seed: SEED,
      count: 500,
      Decoder: decoder,
      enough: 1,
      shrinkTries: 20,
    });
    assert.match(findings.flatMap(({ what }) => what).join('\n'), told);
  });
}
