import { join, relative } from 'node:path';
import type { CompileOptions } from './command.ts';
import { describeFault } from './fault.ts';
import { type Folder, type FolderChoice, listFolders, recoverFolders } from './folders.ts';
import { REPOSITORY } from './generator-files.ts';
import { lookAt, recall, remember } from './mark.ts';
import { EXIT, type Exit, say, sayUpToDate, shown } from './say.ts';

/** What is kept between runs: nothing depends on it but time. */
const STORES = join(REPOSITORY, 'node_modules/.cache/athena-code-mode');

type ForFolder = (folder: Folder) => Promise<Exit>;

// Who reads through `head` has read enough: the work is done all the same, and the exit code tells of it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const choice = plainChoice(args);
    if (choice !== undefined) return await compileAll({ ...choice, check: false, watch: false });
    const { runCommand } = await import('./command.ts');
    return await runCommand(args, compileAll);
  } catch (error) {
    say('red', `codegen failed: ${describeFault(error)}`);
    return EXIT.failed;
  }
}

/**
 * What was chosen, where nothing but folders was. Loading what reads all other command lines takes longer than
 * seeing that nothing changed.
 */
function plainChoice(args: readonly string[]): FolderChoice | undefined {
  const choice: Record<string, string> = {};
  for (let at = 0; at < args.length; at += 2) {
    const name = ['schemas', 'out', 'runtime'].find((option) => args[at] === `--${option}`);
    const value = args[at + 1];
    if (name === undefined || value === undefined || value.startsWith('-')) return undefined;
    choice[name] = value;
  }
  return choice;
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
