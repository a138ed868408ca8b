import { join, relative } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { checkFolder, compileFolder } from './compile-folder.ts';
import { describeFault } from './fault.ts';
import { type Folder, type FolderChoice, listFolders, REPOSITORY, recoverFolders } from './folders.ts';
import { createImportCommand } from './import/command.ts';
import { EXIT, type Exit, say, shown } from './say.ts';

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
  if (check) return await forAll(choice, checkFolder);
  await recoverFolders();
  const { openStores } = await import('./part-store.ts');
  const storeOf = await openStores(join(REPOSITORY, 'node_modules/.cache/athena-code-mode'));
  const compileOne: ForFolder = (folder) => compileFolder(folder, storeOf(folder.out));
  const exit = await forAll(choice, compileOne);
  if (!watch) return exit;
  await compileOnChange(choice, compileOne);
  return EXIT.done;
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
async function compileOnChange(choice: FolderChoice, compileOne: ForFolder): Promise<void> {
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
