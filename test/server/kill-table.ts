/**
 * Kills a real server at every call of a program of twenty, at three moments of each, resumes the run in the next server,
 * and prints what came of it. Each cell is a run of its own: the table of docs/replay.md. Argument: the call to begin with.
 */
import { openClient, openTemporaryDirectory } from './open-client.ts';
import { assertOnce, attempt, findInterrupted, openDoomed, TWENTY_CALLS } from './twenty-calls.ts';

/** What the twenty calls are, in their order. */
const ROUND = ['memory.remember', 'session.get', 'session.set', 'memory.recall'];
const CALLS = [
  ...ROUND,
  ...ROUND,
  ...ROUND,
  ...ROUND,
  'session.set',
  'session.get',
  'session.delete',
  'session.keys',
];
const CHANGE = 'memory.remember';

async function outcomeOf(kill: string): Promise<string> {
  const directory = openTemporaryDirectory();
  try {
    const cut = await attempt(openDoomed(directory.path, kill), {
      code: TWENTY_CALLS,
      session: 'killed',
    });
    if (cut !== 'killed') return 'not killed';
    const resume = await findInterrupted(directory.path);
    // Nothing had been written down: the agent sends its program again.
    const what = resume === undefined ? { code: TWENTY_CALLS, session: 'killed' } : { resume };
    const next = await attempt(openClient(directory.path), what);
    if (next === 'killed') return 'killed again';
    assertOnce(directory.path, next.reply);
    return resume === undefined ? 'once, sent again' : 'once';
  } catch (error) {
    return `FAILED: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  } finally {
    directory.dispose();
  }
}

const print = (cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

print([
  'call',
  'announced, not made',
  'made, answer not written down',
  'written down, not seen by the program',
]);
print(['---', '---', '---', '---']);
const first = Number(process.argv[2] ?? 1);
let changes = 0;
for (const [at, name] of CALLS.entries()) {
  if (name === CHANGE) changes += 1;
  if (at + 1 < first) continue;
  const announced = name === CHANGE ? await outcomeOf(`after-intend:${changes}`) : '–';
  const made = await outcomeOf(`before-frame:${at + 1}`);
  print([`${at + 1} \`${name}\``, announced, made, await outcomeOf(`after-frame:${at + 1}`)]);
}
