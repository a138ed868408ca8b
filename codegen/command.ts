import { Command, CommanderError, Option } from 'commander';
import type { FolderChoice } from './folders.ts';
import { REPOSITORY } from './generator-files.ts';
import { createImportCommand } from './import/command.ts';
import { EXIT, type Exit } from './say.ts';

export interface CompileOptions extends FolderChoice {
  readonly check: boolean;
  readonly watch: boolean;
}

/** Has exit codes of its own. */
const DIFF = 'diff';

type Compile = (options: CompileOptions) => Promise<Exit>;

/** Reads a command line and does what it says; what is wrong with it has been said. */
export async function runCommand(args: readonly string[], compile: Compile): Promise<number> {
  let exit: Exit = EXIT.done;
  const program = createProgram(compile, (ended) => {
    exit = ended;
  });
  try {
    if (args[0] === DIFF) {
      const { runDiff } = await import('./diff/command.ts');
      return await runDiff(args.slice(1), `${REPOSITORY}schemas`);
    }
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.failed;
    throw error;
  }
}

function createProgram(compile: Compile, end: (exit: Exit) => void): Command {
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
    .action(async (options: CompileOptions) => end(await compile(options)))
    .addCommand(createImportCommand(end));
}
