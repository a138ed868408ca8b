import { join, relative } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { describeFault } from './fault.ts';
import { type Folder, type FolderChoice, listFolders, recoverFolders } from './folders.ts';
import { REPOSITORY } from './generator-files.ts';
import { createImportCommand } from './import/command.ts';
import { lookAt, recall, remember } from './mark.ts';
import { EXIT, type Exit, say, sayUpToDate, shown } from './say.ts';

/** What is kept between runs: nothing depends on it but time. */
const STORES = join(REPOSITORY, 'node_modules/.cache/athena-code-mode');

/** Has exit codes of its own. */
const DIFF = 'diff';

interface CompileOptions extends FolderChoice {
  readonly check: boolean;
  readonly watch: boolean;
}

type ForFolder = (folder: Folder) => Promise<Exit>;

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  let exit: Exit = EXIT.done;
  const program = createProgram((ended) => {
    exit = ended;
  });
  try {
    if (argv[2] === DIFF) {
      const { runDiff } = await import('./diff/command.ts');
      return await runDiff(argv.slice(3), `${REPOSITORY}schemas`);
    }
    await program.parseAsync(argv);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.failed;
    say('red', `codegen failed: ${describeFault(error)}`);
    return EXIT.failed;
  }
}

function createProgram(end: (exit: Exit) => void): Command {
  return new Command('codegen')
    .description('Compiles operation schemas to typings, adapters, validators and the manifest.')
    .option('--check', 'write nothing; fail when the output is not what the schemas compile to', false)
    .addOption(
      new Option('--watch', 'compile, and again whenever a schema changes; Ctrl-C ends it')
        .default(false)
        .conflicts('check'),
    )
    .option('--schemas <dir>', 'where the operation files are (default: schemas/ and its imported backends)')
    .option('--out <dir>', 'where the output goes (default: generated/, generated/<name>/ of a backend)')
    .option('--runtime <path>', 'what generated code imports the runtime from (default: the path from --out)')
    .addHelpText(
      'after',
      '\nAlso: codegen diff <old> [new] lists what changed; see codegen diff --help.\nExit codes: 0 done, 1 schemas wrong or output out of date, 2 could not do its work.',
    )
    .allowExcessArguments(false)
    .exitOverride()
    .enablePositionalOptions()
    .action(async (options: CompileOptions) => end(await compileAll(options)))
    .addCommand(createImportCommand(end));
}

async function compileAll({ check, watch, ...choice }: CompileOptions): Promise<Exit> {
  if (check) {
    const { checkFolder } = await import('./compile-folder.ts');
    return await forAll(choice, checkFolder);
  }
  await recoverFolders();
  const exit = await forAll(choice, compileOne);
  if (!watch) return exit;
  await compileOnChange(choice);
  return EXIT.done;
}

/** Loads what compiles, which takes its time, only when a folder is not as it was. */
async function compileOne(folder: Folder): Promise<Exit> {
  const started = performance.now();
  const seen = lookAt(folder);
  const { counts, hasOutputs } = recall(STORES, folder, seen);
  if (counts !== undefined) {
    sayUpToDate(folder.out, counts, started);
    return EXIT.done;
  }
  const { openStore } = await import('./part-store.ts');
  const { compileFolder } = await import('./compile-folder.ts');
  const compilation = await compileFolder(
    folder,
    await openStore(STORES, folder.out),
    hasOutputs ? seen.place : undefined,
  );
  if (compilation.exit === EXIT.done)
    await remember(STORES, folder, seen, compilation.isWritten, compilation.counts);
  return compilation.exit;
}

/** The worst of what the folders came to. */
async function forAll(choice: FolderChoice, work: ForFolder): Promise<Exit> {
  let worst: Exit = EXIT.done;
  for (const folder of await listFolders(choice)) {
    const exit = await work(folder);
    if (exit > worst) worst = exit;
  }
  return worst;
}

/** Until the person at the terminal ends it. What is wrong is said, and mended with the next change. */
async function compileOnChange(choice: FolderChoice): Promise<void> {
  const { watchFolder } = await import('./watch.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const root = choice.schemas ?? `${REPOSITORY}schemas`;
  const watching = watchFolder(root, stop.signal, async (changed) => {
    try {
      for (const folder of await listFolders(choice)) {
        const inside = relative(root, folder.schemas);
        const isTouched = [...changed].some((name) =>
          name.endsWith('.json') ? inside === '' : inside === name,
        );
        if (isTouched) await compileOne(folder);
      }
    } catch (error) {
      say('red', `codegen failed: ${describeFault(error)}`);
    }
  });
  process.stderr.write(`Watching ${shown(root)} …\n`);
  await watching;
}
