import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { splitWords } from '../../backend/remote/command-line.ts';
import { ERROR_CODES, type ErrorCode } from '../../runtime/contract/error-codes.ts';
import type { Reply } from '../../runtime/reply.ts';
import { until } from '../await-state.ts';
import {
  type Connection,
  MAIN,
  openClient,
  openTemporaryDirectory,
  processesBelow,
  readProcess,
} from '../server/open-client.ts';
import { outcomeOf } from '../server/outcome-of.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/errors');
const BACKEND = resolve(import.meta.dirname, '../server/fixtures/athena-like-server.ts');
const CODES = Object.keys(ERROR_CODES) as readonly ErrorCode[];

/** Why some codes have no example: no program, request or flag brings them about. Keep it short. */
const NOT_SHOWN: Partial<Record<ErrorCode, string>> = {
  PROTOCOL_VIOLATION: 'needs a guest that is no longer ours: test/sandbox/hostile-worker.test.ts has some',
  NOT_GRANTED:
    'the guest has no function for what is not granted: test/bridge/bridge.test.ts asks without one',
  DEPRECATED_OPERATION: 'Athena has no deprecated operation: test/check/deprecations.test.ts makes some',
  CONFINEMENT_FAILED: 'needs a machine whose Node confines nothing',
};

/** Limits that no example hits but that of their own page: one server has them all, since a start takes long. */
const TOGETHER = /^(?:calls|callResultBytes|codeBytes|heapMb|journalMb|nesting|stringLiteralBytes)=/;

/** What goes into an example, and what must come out. */
interface Example {
  readonly language: string;
  readonly text: string;
  readonly answer: string;
}

interface Page {
  readonly code: ErrorCode;
  readonly text: string;
  readonly examples: readonly Example[];
  readonly flags: readonly string[];
  /** How many times the example is sent at once, each time in a session of its own. */
  readonly times: number;
}

/** Brings a code about that needs more than a request. Answers the error, or what else the page shows. */
type Provoke = (program: string) => Promise<object>;

const directory = openTemporaryDirectory();
let folders = 0;
/** By their flags: a start takes longer than most examples. */
const servers = new Map<string, Promise<Connection>>();
after(async () => {
  for (const server of await Promise.all(servers.values())) await server.close();
  directory.dispose();
});

function readPage(code: ErrorCode): Page {
  const text = readFileSync(join(PAGES, `${code}.md`), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  assert.equal(blocks.length % 2, 0, 'each example has its answer');
  const examples = blocks
    .filter((_, index) => index % 2 === 0)
    .map(([, language = '', text = ''], index) => ({
      language,
      text,
      answer: blocks[2 * index + 1]?.[2] ?? '',
    }));
  const flags = splitWords(/^Server flags: `(.*?)`/m.exec(text)?.[1] ?? '');
  assert.ok(flags.ok);
  const times = Number(/\bsent (\d+) times at once\b/.exec(text)?.[1] ?? 1);
  return { code, text, examples, flags: flags.words.map(nameFixture), times };
}

/** The pages write the commands of a checkout; a test has its own Node and any working directory. */
function nameFixture(flag: string): string {
  return flag.replace(
    'node test/server/fixtures/athena-like-server.ts',
    `"${process.execPath}" "${BACKEND}"`,
  );
}

const sh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const PLACE = ['line', 'column', 'snippet', 'suggestion'];
/** Members of an error; of its limit; of a row of the history. */
const SHOWN = ['code', 'message', ...PLACE, 'ran', 'limit', 'name', 'value', 'outcome'];

/** What a page shows of an error or a warning; what differs from run to run is made the same. */
function shown(remark: object): unknown {
  return JSON.parse(
    JSON.stringify(remark, SHOWN)
      .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<execution>')
      .replace(/(pii_[a-z]+)_[a-z2-7]{26}/g, '$1_…')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/Try again in \d+ s/, 'Try again in 60 s'),
  );
}

type Work<T> = (server: Connection, path: string) => Promise<T>;

/** A server that others use before and after: the work leaves it as it was. */
async function withServer<T>(flags: readonly string[], work: Work<T>): Promise<T> {
  const key = JSON.stringify(flags);
  const path = join(directory.path, `shared-${[...servers.keys(), key].indexOf(key)}`);
  const opening = servers.get(key) ?? openClient(path, flags);
  servers.set(key, opening);
  return await work(await opening, path);
}

async function withOwnServer<T>(flags: readonly string[], work: Work<T>): Promise<T> {
  const path = join(directory.path, `own-${folders++}`);
  const server = await openClient(path, flags);
  try {
    return await work(server, path);
  } finally {
    await server.close();
  }
}

/** What replies say under this code: an error, or a warning. */
function find(code: ErrorCode, replies: readonly Reply[]): object {
  const remarks = replies.flatMap(({ error, warnings = [] }) => [...(error ? [error] : []), ...warnings]);
  return (
    remarks.find((remark) => remark.code === code) ?? assert.fail(`${code} in ${JSON.stringify(replies)}`)
  );
}

async function send({ code, times }: Page, { language, text }: Example, server: Connection) {
  const one = async (number: number): Promise<Reply> => {
    const call = language === 'ts' ? { name: 'execute', arguments: { code: text } } : JSON.parse(text);
    const args = times === 1 ? call.arguments : { ...call.arguments, session: `number-${number}` };
    return (await server.client.callTool({ ...call, arguments: args })).structuredContent as unknown as Reply;
  };
  return find(code, await Promise.all(Array.from({ length: times }, (_, number) => one(number))));
}

/** Runs the lines of a shell where `athena-code-mode` is the built server. Answers the end of the log, from the code on. */
async function start(script: string, code: ErrorCode): Promise<string> {
  const home = join(directory.path, `shell-${folders++}`);
  mkdirSync(join(home, 'bin'), { recursive: true });
  const command = `#!/bin/sh\nexec ${sh(process.execPath)} ${sh(MAIN)} "$@"\n`;
  writeFileSync(join(home, 'bin', 'athena-code-mode'), command, { mode: 0o755 });
  const env = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    ATHENA_DATA_DIR: join(home, 'data'),
  };
  const log = await new Promise<string>((done) => {
    const child = execFile('/bin/sh', ['-c', script], { cwd: home, env }, (error, _, stderr) => {
      done(error === null ? `it started: ${stderr}` : stderr);
    });
    child.stdin?.end();
  });
  return log.slice(log.indexOf(`${code}: `)).replaceAll(home, '/home/me');
}

/** Whether a program has set the variable by which it tells that it runs. */
const begun = (path: string, session: string) => () => {
  const sessions = new DatabaseSync(join(path, 'sessions.sqlite'), { readOnly: true, timeout: 5_000 });
  const row = sessions.prepare("select 1 from variables where key = 'begun' and session = ?").get(session);
  sessions.close();
  return row !== undefined;
};

const PROVOKED: Partial<Record<ErrorCode, Provoke>> = {
  AUDIT_UNAVAILABLE: (program) =>
    withServer([], async (server, path) => {
      await server.execute('return 1;');
      const audit = new DatabaseSync(join(path, 'audit.sqlite'), { timeout: 5_000 });
      audit.exec('alter table entries rename to hidden');
      const reply = await server.execute(program);
      audit.exec('alter table hidden rename to entries');
      audit.close();
      return find('AUDIT_UNAVAILABLE', [reply]);
    }),
  SESSION_UNAVAILABLE: (program) =>
    withServer([], async (server, path) => {
      await server.execute('return 1;');
      const sessions = new DatabaseSync(join(path, 'sessions.sqlite'));
      sessions.exec('begin immediate');
      const reply = await server.execute(program, { session: 'new' });
      sessions.close();
      return find('SESSION_UNAVAILABLE', [reply]);
    }),
  CANCELLED: (program) =>
    withServer([], async ({ client }, path) => {
      await client.callTool({ name: 'execute', arguments: { code: 'return 1;' } });
      const { abort, signal } = cancellation();
      const call = { name: 'execute', arguments: { code: program, session: 'cancelled' } };
      const running = client.callTool(call, undefined, { signal });
      const refused = assert.rejects(running);
      await until(begun(path, 'cancelled'));
      abort();
      await refused;
      return { outcome: await outcomeOf(path, 'cancelled') };
    }),
  WORKER_LOST: (program) =>
    withServer([], async (server, path) => {
      await server.execute('return 1;');
      const running = server.execute(program, { session: 'lost' });
      await until(begun(path, 'lost'));
      for (const pid of await workersOf(server.pid)) process.kill(pid, 'SIGKILL');
      return find('WORKER_LOST', [await running]);
    }),
  SKILL_BROKEN: (program) =>
    withOwnServer([], async (server, path) => {
      const save = (name: string, code: string) => server.execute(code, { saveSkill: name });
      await save(
        'countOpen',
        '/** Counts. */ async function countOpen(): Promise<number> { return (await athena.taskManagement.listTasks({})).total; }',
      );
      await save(
        'report',
        "/** Reports. */\nasync function report(params: { priority: string }): Promise<string> {\n  return params.priority + (await skills.countOpen());\n}\nreturn await report({ priority: 'low' });",
      );
      const sessions = new DatabaseSync(join(path, 'sessions.sqlite'), { timeout: 5_000 });
      sessions.exec("delete from skills where name = 'countOpen'");
      sessions.close();
      return find('SKILL_BROKEN', [await server.execute(program)]);
    }),
  VARIABLE_CONFLICT: (program) =>
    withServer([], async (server) => {
      const both = (code: string) => Promise.all([1, 2].map(() => server.execute(code, { session: 'one' })));
      await both('return 1;');
      return find('VARIABLE_CONFLICT', await both(program));
    }),
  SANDBOX_UNAVAILABLE: (program) =>
    withOwnServer(['--limit', 'workers=1'], async (server, path) => {
      await server.execute('return 1;', { session: 'first' });
      const first = "await session.set('begun', true);\nawait sleep(1_000);\nreturn 'finished';";
      const running = server.execute(first, { session: 'first' });
      await until(begun(path, 'first'));
      const second = server.execute(program, { session: 'second' });
      process.kill(server.pid, 'SIGTERM');
      assert.equal((await running).value, 'finished');
      return find('SANDBOX_UNAVAILABLE', [await second]);
    }),
  REPLAY_DIVERGED: async (program) =>
    find('REPLAY_DIVERGED', [
      await resumeAfter([], program, `update journal set body = replace(body, 'milk', 'bread')`),
    ]),
  CALL_UNKNOWN: async (program) => find('CALL_UNKNOWN', [await resumeAfter(REMOTE, program, LOSE_ANSWERS)]),
  CALL_REPEATED: async (program) => find('CALL_REPEATED', [await resumeAfter(REMOTE, program, LOSE_ANSWERS)]),
  SCHEMA_CHANGED: async (program) =>
    find('SCHEMA_CHANGED', [
      await resumeAfter(
        [],
        program,
        `update executions set head = json_set(head, '$.schemas."memory.recall"', '')`,
      ),
    ]),
  RUN_INTERRUPTED: (program) =>
    withOwnServer([], async (server, path) => {
      await server.execute('return 1;');
      await Promise.all([
        assert.rejects(server.execute(program, { session: 'cut-off' })),
        until(begun(path, 'cut-off')).then(() => process.kill(server.pid, 'SIGKILL')),
      ]);
      const next = await openClient(path);
      const reply = await next.execute('return 1;');
      await next.close();
      return find('RUN_INTERRUPTED', [reply]);
    }),
  BACKEND_UNAVAILABLE: (program) => {
    const mark = join(directory.path, 'first-start');
    writeFileSync(mark, '');
    const once = `rm ${sh(mark)} 2>/dev/null && exec ${sh(process.execPath)} ${sh(BACKEND)}`;
    const backend = `sh -c "${once}"`;
    return withOwnServer(['--backend', backend], async (server) =>
      find('BACKEND_UNAVAILABLE', [await server.execute(program)]),
    );
  },
  INTERNAL_ERROR: (program) =>
    withOwnServer([], async (server, path) => {
      await server.execute('return 1;');
      const sessions = new DatabaseSync(join(path, 'sessions.sqlite'), { timeout: 5_000 });
      sessions.exec('drop table variables');
      sessions.close();
      return find('INTERNAL_ERROR', [await server.execute(program)]);
    }),
};

const REMOTE = ['--backend', `"${process.execPath}" "${BACKEND}"`];

/** Runs a program to its end, changes what its session's file holds, and resumes it. */
async function resumeAfter(flags: readonly string[], program: string, sql: string): Promise<Reply> {
  return withServer(flags, async (server, path) => {
    const { execution } = await server.execute(program);
    const sessions = new DatabaseSync(join(path, 'sessions.sqlite'), { timeout: 5_000 });
    const select = sessions.prepare('select ending from executions where execution = ?');
    await until(() => typeof select.get(execution)?.ending === 'string');
    sessions.exec(sql);
    sessions.close();
    const call = { name: 'execute', arguments: { resume: execution } };
    return (await server.client.callTool(call)).structuredContent as unknown as Reply;
  });
}

/** As if the server had died before it learnt of any answer. */
const LOSE_ANSWERS = `delete from journal where json_extract(body, '$.t') = 'frame'`;

function cancellation(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort('enough') };
}

/** The processes that the server started as workers, and not what started them in turn (Linux). */
async function workersOf(server: number): Promise<readonly number[]> {
  const all = await processesBelow(server);
  return all.filter(
    (pid) =>
      readProcess(pid, 'cmdline').includes('--max-semi-space-size') &&
      readProcess(pid, 'status').includes(`\nPPid:\t${server}\n`),
  );
}

test('every code has a page that begins with its sentence, and every page has a code', () => {
  const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
  assert.deepEqual(pages.toSorted(), CODES.map((code) => `${code}.md`).toSorted());
  for (const code of CODES) {
    const [title, , sentence] = readPage(code).text.split('\n');
    assert.deepEqual([title, sentence], [`# ${code}`, ERROR_CODES[code]]);
  }
});

test('the list of the pages has every code, in order, with its sentence', () => {
  const list = readFileSync(join(PAGES, 'README.md'), 'utf8');
  const rows = CODES.map((code) => `| [${code}](${code}.md) | ${ERROR_CODES[code]} |`);
  assert.deepEqual(
    list
      .split('\n')
      .filter((line) => line.startsWith('| ['))
      .map((line) => line.replace(/ +\|/g, ' |')),
    rows,
  );
});

test('links between the pages, and from them, lead to files', () => {
  for (const name of readdirSync(PAGES)) {
    const text = readFileSync(join(PAGES, name), 'utf8');
    for (const [, path = ''] of text.matchAll(/\]\(([^)]+\.md)\)/g))
      assert.ok(existsSync(join(PAGES, path)), `${name}: ${path}`);
  }
});

const sharesItsServer = ({ flags }: Page): boolean => TOGETHER.test(flags[1] ?? '');

async function give(page: Page, example: Example): Promise<object> {
  const provoke = PROVOKED[page.code];
  if (provoke !== undefined) return provoke(example.text);
  const pages = sharesItsServer(page) ? CODES.map(readPage).filter(sharesItsServer) : [page];
  const flags = pages.flatMap((one) => one.flags);
  return withServer(flags, (server) => send(page, example, server));
}

for (const code of CODES) {
  const reason = NOT_SHOWN[code];
  const what = reason === undefined ? 'shows what its example gives' : `has no example: ${reason}`;
  test(`the page of ${code} ${what}`, async () => {
    const page = readPage(code);
    assert.equal(page.examples.length > 0, reason === undefined);
    for (const example of page.examples) {
      if (example.language === 'sh') assert.equal(await start(example.text, code), example.answer);
      else assert.deepEqual(shown(await give(page, example)), JSON.parse(example.answer));
    }
  });
}
