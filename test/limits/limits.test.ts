import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DEFAULT_LIMITS, LIMITS, type LimitHit, type LimitName } from '../../runtime/contract/limits.ts';
import type { Reply } from '../../runtime/reply.ts';
import { type Connection, openClient, openTemporaryDirectory } from '../server/open-client.ts';
import { BEFORE, CALLS_BEFORE, NOT_HIT, ROWS, type Row, SETTINGS, type Setting } from './rows.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NAMES = Object.keys(LIMITS) as readonly LimitName[];
const directory = openTemporaryDirectory();
after(() => directory.dispose());

function openServer(name: string, { limits, flags = [] }: Setting): Promise<Connection> {
  const settings = Object.entries(limits).flatMap(([limit, value]) => ['--limit', `${limit}=${value}`]);
  return openClient(join(directory.path, name), [...settings, ...flags]);
}

/** The limit that a row is about, with the number in force. */
function hitBy({ limit, setting, value }: Row): LimitHit {
  return { name: limit, value: value ?? { ...DEFAULT_LIMITS, ...SETTINGS[setting].limits }[limit] };
}

/** A program of a row: as it is, or by `more` beyond what is allowed. */
function programOf(row: Row, more = 1): string {
  const program = row.exactly?.(hitBy(row).value + more) ?? row.program ?? '';
  return row.when === 'never' ? program : BEFORE + program;
}

/** What a reply says of a limit: the error, and the warnings that name one. */
function remarks({ error, warnings = [] }: Reply) {
  return [...(error ? [error] : []), ...warnings].filter(({ limit }) => limit !== undefined);
}

async function send(server: Connection, row: Row, session: string): Promise<Reply> {
  const { times = 1, timeoutMs, code } = row;
  const more = timeoutMs === undefined ? {} : { timeoutMs };
  const replies = await Promise.all(
    Array.from({ length: times }, (_, at) =>
      server.execute(programOf(row), { ...more, session: times === 1 ? session : `${session}-${at}` }),
    ),
  );
  const hit = replies.filter((reply) => remarks(reply).some((remark) => remark.code === code));
  assert.equal(hit.length, 1, JSON.stringify(replies));
  return hit[0]!;
}

const ENDS: Record<Row['when'], string> = {
  never: 'the program never started',
  killed: 'the program stopped after',
  thrown: 'the program stopped after',
  returned: 'the program ran to its end:',
};

/** Asserts that what the program had done is told, in words and in numbers. */
function assertTold(row: Row, { error, metrics, logs }: Reply): void {
  const before = row.when === 'never' ? 0 : CALLS_BEFORE;
  const { calls = 0, wrote = 0, unanswered = 0 } = row;
  const [made, written] = [before + calls, before / 2 + wrote];
  assert.deepEqual([metrics.calls, metrics.wrote], [made, written]);
  if (row.when !== 'never') assert.equal(logs?.[0], 'info: said before');
  if (error === undefined) return;
  const open = unanswered === 0 ? '' : `; ${unanswered} was not answered and may or may not take effect`;
  const done = row.when === 'never' ? '' : ` ${made} calls, of which ${written} wrote${open}`;
  assert.equal(error.ran, ENDS[row.when] + done);
}

async function prove(server: Connection, row: Row, session: string): Promise<void> {
  const limit = hitBy(row);
  const reply = await send(server, row, session);
  const remark = remarks(reply).find(({ code }) => code === row.code)!;
  assert.deepEqual(remark.limit, limit);
  assert.match(remark.message, new RegExp(`\\b${limit.name}\\b`));
  assert.match(remark.message, new RegExp(`\\b${limit.value}\\b`));
  assert.ok('suggestion' in remark || /\. [A-Z]/.test(remark.message), `no remedy: ${remark.message}`);
  if (row.says !== undefined) assert.match(remark.message, row.says);
  const isWarning = remark !== reply.error;
  assert.equal(reply.error?.code, isWarning ? row.beside : row.code);
  assertTold(row, reply);
}

/** Nothing is lost with a run, and the session goes on. */
async function assertNextRun(server: Connection, { when, limit }: Row, session: string): Promise<void> {
  if (limit === 'executionsPerMinute') return;
  const { value } = await server.execute("return await session.get('before');", { session });
  assert.equal(value, when === 'never' ? null : 'kept');
}

const CATCHING = (program: string): string =>
  `try { ${program} } catch (error) { return [error.name, error.code ?? null, error.limit ?? null]; }`;

for (const [name, setting] of Object.entries(SETTINGS)) {
  const rows = ROWS.filter((row) => row.setting === name);
  describe(`limits of the server ${name}`, () => {
    let server: Connection;
    before(async () => {
      server = await openServer(name, setting);
    });
    after(() => server.close());

    for (const [number, row] of rows.entries()) {
      const { limit, what, code, when, exactly, timeoutMs } = row;
      const session = `row-${number}`;
      const more = timeoutMs === undefined ? {} : { timeoutMs };

      test(`${what}: ${code}, with ${limit} and its number and what was done`, async () => {
        await prove(server, row, session);
        await assertNextRun(server, row, session);
      });

      if (exactly !== undefined) {
        test(`${what}: as much as ${limit} allows is no reason`, async () => {
          const reply = await server.execute(programOf(row, 0), { session: `${session}-fits` });
          assert.ok(!remarks(reply).some((remark) => remark.limit?.name === limit), JSON.stringify(reply));
        });
      }

      if (when === 'thrown') {
        test(`${what}: the program can catch it, with the limit where a call threw it`, async () => {
          const program = CATCHING(programOf(row));
          const caught = await server.execute(program, { ...more, session: `${session}-caught` });
          // Only errors of calls are the product's own; what the engine throws is as it is.
          const expected =
            code === 'MEMORY_LIMIT' ? ['RangeError', null, null] : ['AthenaError', code, hitBy(row)];
          assert.deepEqual(caught.value, expected, JSON.stringify(caught));
        });
      }
    }
  });
}

test('every limit has a row, or a reason why no program hits it and a place where it is proved', () => {
  for (const name of NAMES) {
    const reason = NOT_HIT[name];
    assert.equal(
      ROWS.some(({ limit }) => limit === name),
      reason === undefined,
      name,
    );
    if (reason !== undefined)
      assert.ok(readFileSync(join(ROOT, reason.provedIn), 'utf8').includes(name), name);
  }
});
