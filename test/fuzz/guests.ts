import fc from 'fast-check';
import type { RunEnd } from '../../runtime/contract/sandbox.ts';
import { openTestSandbox, programOf, type TestSandbox } from '../sandbox/harness.ts';
import { STREAM_LIMITS, showStream } from './frames.ts';
import type { FuzzOptions, FuzzReport } from './fuzzer.ts';
import { fuzzProperty, type Trial } from './properties.ts';
import { type Stream, streams } from './streams.ts';

/** How many are attacked at once, each with a worker of its own, and the spare beside them. */
const ABREAST = 3;
const RUN_MS = 400;
const HONEST_MS = 10_000;
const HONEST = 'honest';

/**
 * A guest in the start realm of a confined worker that sends what each program says, in the pieces it says, and then
 * waits for the next. To the honest program it answers as it should.
 */
const GUEST = `(() => {
  const fs = require('node:fs');
  const write = (bytes) => { for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at); };
  const frame = (text) => { const body = Buffer.from(text), head = Buffer.alloc(4); head.writeUInt32LE(body.length); return Buffer.concat([head, body]); };
  const fill = (buffer) => { for (let at = 0; at < buffer.length; ) { const read = fs.readSync(0, buffer, { offset: at }); if (read === 0) process.exit(0); at += read; } return buffer; };
  write(frame('{"t":"ready"}'));
  for (;;) {
    const { t, run, source } = JSON.parse(fill(Buffer.alloc(fill(Buffer.alloc(4)).readUInt32LE(0))).toString());
    if (t !== 'run') continue;
    if (source !== '${HONEST}') for (const chunk of JSON.parse(source)) write(Buffer.from(chunk, 'base64'));
    else write(Buffer.concat([frame(JSON.stringify({ t: 'done', run, end: { json: '"honest"' }, droppedLogs: 0 })), frame('{"t":"ready"}')]));
  }
})();`;

/** Sends streams that an attacker made from real, confined workers to a real pool, which serves others as well. */
export async function fuzzGuests(options: FuzzOptions): Promise<FuzzReport> {
  const sandbox = await openTestSandbox({ ...STREAM_LIMITS, workers: ABREAST + 1 }, { guest: GUEST });
  let sessions = 0;
  try {
    return await fuzzProperty(options, {
      name: 'frames:guests',
      inputs: fc.tuple(streams(1), streams(2)),
      attempt: (sent) => {
        sessions += 1;
        return attack(sandbox, `attack-${sessions}`, sent);
      },
      show: (sent) => sent.map(showStream).join('; '),
      abreast: ABREAST,
    });
  } finally {
    await sandbox.sandbox.close();
  }
}

async function attack(sandbox: TestSandbox, session: string, sent: readonly Stream[]): Promise<Trial> {
  const tenant = { principal: 'ann', session };
  const ends: RunEnd[] = [];
  for (const { chunks } of sent) {
    const source = JSON.stringify(chunks.map((chunk) => chunk.toString('base64')));
    ends.push(await sandbox.run('', { tenant, timeoutMs: RUN_MS, program: programOf(source) }));
  }
  const honest = await sandbox.run('', { tenant, timeoutMs: HONEST_MS, program: programOf(HONEST) });
  const told = honest.kind === 'returned' ? honest.json : JSON.stringify(honest);
  const end = ends.map((one) => (one.kind === 'stopped' ? one.code : one.kind)).join(', ');
  return { end, fault: told === '"honest"' ? undefined : `an honest run afterwards came to ${told}` };
}
