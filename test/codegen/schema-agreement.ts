import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Agreement,
  countAgreement,
  DRAFTS,
  findSuite,
  hasDraft,
  measureAgreement,
  type Verdict,
} from './measure-agreement.ts';

/** Prints how far types and validators agree with the public test suite: `node test/codegen/schema-agreement.ts [folder] [-v]` */
const [given] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const isVerbose = process.argv.includes('-v');
const suite = findSuite(given ?? process.env.JSON_SCHEMA_TEST_SUITE);
if (suite === undefined) {
  process.stderr.write(
    'Name a checkout of the JSON-Schema-Test-Suite: a folder with tests/draft2020-12 in it.\n',
  );
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'agreement-'));
try {
  process.stdout.write(
    '| draft, its schemas | read | refused | values | validator agrees | type agrees | type narrower |\n',
  );
  process.stdout.write('|---|---|---:|---:|---:|---:|---:|\n');
  for (const draft of DRAFTS.filter((name) => hasDraft(suite, name))) {
    for (const reading of ['as meant', 'to the letter'] as const) {
      const agreement = await measureAgreement(suite, draft, reading, scratch);
      for (const part of ['required', 'optional'] as const) {
        const { schemas, ...counted } = countAgreement(agreement, part);
        const cells = [`${draft}, ${schemas} ${part}`, reading, ...Object.values(counted)];
        process.stdout.write(`| ${cells.join(' | ')} |\n`);
      }
      if (isVerbose) explain(agreement);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function explain({ refused, verdicts, broken }: Agreement): void {
  const say = (kind: string, lines: readonly string[]) => {
    for (const line of lines) process.stderr.write(`${kind} ${line}\n`);
  };
  say('broken', broken);
  say(
    'refused',
    refused.map(({ file, what, why }) => `${file}: ${what}: ${why}`),
  );
  const named = (list: readonly Verdict[]) =>
    list.map(({ file, what, valid }) => `${file}: ${what} (${valid})`);
  say('validator', named(verdicts.filter(({ validator, valid }) => validator !== valid)));
  say('narrower', named(verdicts.filter(({ type, valid }) => valid && type === false)));
  const wider = verdicts.filter(({ type, valid }) => !valid && type === true);
  say('silent', named(wider.filter(({ isRemarked }) => !isRemarked)));
  say('wider', named(wider));
}
