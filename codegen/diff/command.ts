import { Command, Option } from 'commander';
import { compareCatalogues } from './compare-catalogues.ts';
import { printJson, printMarkdown, printText, worstOf } from './print.ts';
import { isLive, readSide } from './read-side.ts';
import { UnreadableSchemas } from './read-tools.ts';
import type { Kind } from './rules.ts';

/** What `codegen diff` exits with, by the worst change. 1: a side's schemas are wrong; 2: it could not do its work. */
const EXIT = { none: 0, documentation: 0, unreadable: 1, additive: 3, breaking: 4 } as const;

/** The kinds that make it exit with their code, by the value of `--fail-on`. */
const FAILING: Readonly<Record<FailOn, readonly Kind[]>> = {
  additive: ['additive', 'breaking'],
  breaking: ['breaking'],
  nothing: [],
};

type FailOn = 'additive' | 'breaking' | 'nothing';

interface Options {
  readonly schemas: string;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly failOn: FailOn;
}

/**
 * Prints what changed between two catalogues.
 * @param args what stands after `diff` on the command line
 * @param schemas the folder of operation files unless `--schemas` names one
 * @returns the exit code
 * @throws when a side cannot be read
 */
export async function runDiff(args: readonly string[], schemas: string): Promise<number> {
  const command = createCommand(schemas).parse(args, { from: 'user' });
  const [old = '', now] = command.args;
  const options = command.opts<Options>();
  try {
    const specs = [old, now ?? options.schemas];
    const { createLiveReader } = await import('./read-live.ts');
    const readLive = createLiveReader([...specs.filter((spec) => !isLive(spec)), options.schemas]);
    const [before, after] = await Promise.all(specs.map((spec) => readSide(spec, options.schemas, readLive)));
    if (before === undefined || after === undefined) return EXIT.none;
    const changes = compareCatalogues(before.tools, after.tools);
    const comparison = { before: before.name, after: now ?? 'the schemas as they are', changes };
    process.stdout.write(print(comparison, options));
    const worst = worstOf(changes);
    return worst !== undefined && FAILING[options.failOn].includes(worst) ? EXIT[worst] : EXIT.none;
  } catch (error) {
    if (!(error instanceof UnreadableSchemas)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.unreadable;
  }
}

function print(comparison: Parameters<typeof printText>[0], { json, markdown }: Options): string {
  if (json) return printJson(comparison);
  return markdown ? printMarkdown(comparison) : printText(comparison, process.stdout);
}

function createCommand(schemas: string): Command {
  return new Command('codegen diff')
    .description('Lists what changed between two catalogues, and what agent code must do about it.')
    .argument('<old>', 'a folder of operation files, a git ref, stdio:<command> or a URL')
    .argument('[new]', 'the same; the schemas as they are when left out')
    .option('--schemas <dir>', 'the folder that git refs are read at', schemas)
    .addOption(new Option('--json', 'for programs').default(false).conflicts('markdown'))
    .addOption(new Option('--markdown', 'a fragment of a changelog').default(false))
    .addOption(
      new Option('--fail-on <kind>', 'the least change that is an exit code')
        .choices(['additive', 'breaking', 'nothing'])
        .default('additive'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 no change or documentation only, 3 additive, 4 breaking; 1 schemas wrong, 2 could not do its work.',
    )
    .allowExcessArguments(false)
    .exitOverride();
}
