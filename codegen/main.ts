import { Command, CommanderError } from 'commander';
import { compileFolder } from './compile-folder.ts';
import { describeFault } from './fault.ts';
import { type FolderChoice, listFolders, REPOSITORY, recoverFolders } from './folders.ts';
import { createImportCommand } from './import/command.ts';
import { EXIT, type Exit, say } from './say.ts';

/** Has exit codes of its own. */
const DIFF = 'diff';

interface CompileOptions extends FolderChoice {
  readonly check: boolean;
}

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

/** The worst of what the folders came to. */
async function compileAll({ check, ...choice }: CompileOptions): Promise<Exit> {
  let worst: Exit = EXIT.done;
  if (!check) await recoverFolders();
  for (const folder of await listFolders(choice)) {
    const exit = await compileFolder(folder, check);
    if (exit > worst) worst = exit;
  }
  return worst;
}
