import type { Logger } from '@logtape/logtape';
import { DatabaseUnusable } from '../database/database-unusable.ts';
import { AuditKeyUnusable } from './audit/audit-key.ts';
import { addCommands } from './commands/add-commands.ts';
import type { ErrorCode } from './contract/error-codes.ts';
import { createCommand, type Flags } from './flags.ts';
import { openLog } from './log.ts';
import { ConfinementFailed } from './sandbox/confinement-failed.ts';
import { StartError } from './start-error.ts';

/** Over stdio there is one client, the user who started it. */
const PRINCIPAL = 'local';

const command = createCommand().action(() => run(start));

addCommands(command, run, PRINCIPAL);

/** Does one thing and ends; what a person can do something about is told without a stack. */
async function run(work: (flags: Flags, log: Logger) => Promise<void>): Promise<void> {
  const flags = command.opts<Flags>();
  const log = openLog(flags.logLevel);
  try {
    await work(flags, log);
  } catch (error) {
    const known = nameStartError(error);
    if (known === undefined) log.fatal('INTERNAL_ERROR: {error}', { error });
    else log.fatal('{code}: {message}', { code: known.code, message: known.message });
    // A start that failed half-way has opened workers and threads that nobody will use.
    process.exit(1);
  }
}

async function start(flags: Flags, log: Logger): Promise<void> {
  // A signal from a worker must not open the inspector in this process.
  process.on('SIGUSR1', () => undefined);
  const stop = new AbortController();
  // A launcher passes on what the terminal has sent to both: a second signal is not a wish for more haste.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  // A command that serves nobody does not wait for what serving needs.
  const { serve } = await import('./serve.ts');
  await serve(flags, log, PRINCIPAL, stop.signal);
  // What a client left half-read on standard input must not keep the process alive.
  process.stdin.destroy();
}

/** The errors that a person can do something about, with their codes. */
function nameStartError(error: unknown): { readonly code: ErrorCode; readonly message: string } | undefined {
  if (error instanceof StartError) return error;
  if (error instanceof DatabaseUnusable) return { code: 'DATABASE_UNUSABLE', message: error.message };
  if (error instanceof AuditKeyUnusable)
    return {
      code: 'DATA_DIR_UNUSABLE',
      message: `The key of the audit log cannot be used: ${error.message}.`,
    };
  if (error instanceof ConfinementFailed) return { code: 'CONFINEMENT_FAILED', message: error.message };
  return undefined;
}

await command.parseAsync();
