import type { Logger } from '@logtape/logtape';
import type { Command } from 'commander';
import type { Catalogue } from '../contract/catalogue.ts';
import { locateFiles, openDataDirectory } from '../data-directory.ts';
import type { Flags } from '../flags.ts';
import { joinFurther, loadFurther } from '../load-further.ts';
import { parseLimits, parseProject } from '../settings.ts';
import { addSessions } from './sessions.ts';
import { addSkillsCommand } from './skills-command.ts';
import { assertSessions } from './with-register.ts';

/** The exit code of a replay that differs: 1 says that there was none. */
const DIFFERENT = 3;

/** Does one thing with what the flags say, and ends. */
type RunCommand = (work: (flags: Flags, log: Logger) => Promise<void>) => Promise<void>;

/**
 * Adds everything but the server itself to the command line. What a command needs is loaded when it is called.
 * @param principal whose data the commands are about
 */
export function addCommands(command: Command, run: RunCommand, principal: string): void {
  command.addHelpText('afterAll', (context) =>
    context.command === command
      ? ''
      : '\nThe options of the server, --data-dir among them, may be given too: see athena-code-mode --help.',
  );
  addDoctor(command, run);
  addAudit(command, run);
  addSessions(command, (asJson, work) =>
    run(({ dataDir, limit }) => {
      const file = locateFiles(dataDir).sessionsFile;
      return work({ file, limits: parseLimits(limit), principal, asJson, write: print });
    }),
  );
  addReplay(command, run, principal);
  addSkillsCommand(
    command,
    (work, makes = false) =>
      run(async (flags, log) => {
        const owner = { principal, project: parseProject(flags.project) };
        const onBug = (error: unknown): void => log.error('INTERNAL_ERROR: {error}', { error });
        const limits = parseLimits(flags.limit);
        if (!makes) assertSessions(locateFiles(flags.dataDir).sessionsFile);
        const files = openDataDirectory(flags.dataDir);
        const { openSkillDesk } = await import('./open-skill-desk.ts');
        const desk = await openSkillDesk(await loadCatalogue(flags), files, limits, owner, onBug);
        if (!(await work(desk).finally(desk.close))) process.exitCode = 1;
      }),
    print,
  );
}

async function loadCatalogue({ also, plainHttp }: Flags): Promise<Catalogue> {
  return joinFurther(await loadFurther(also, plainHttp));
}

function addDoctor(command: Command, run: RunCommand): void {
  command
    .command('doctor')
    .description('show how workers are confined on this machine, layer by layer')
    .option('--json', 'as one JSON object')
    .action((own: { readonly json?: boolean }) =>
      run(async ({ limit, requireConfinement }) => {
        const { printDiagnosis } = await import('./doctor.ts');
        await printDiagnosis(parseLimits(limit), requireConfinement, own.json === true, print);
      }),
    );
}

function addAudit(command: Command, run: RunCommand): void {
  const audit = command.command('audit').description('the audit log: what programs did');
  audit
    .command('verify')
    .description('tell whether the audit log is whole; the exit code is 1 when it is not')
    .option('--head <head>', 'a head that was printed earlier, and must still be there')
    .action((own: { readonly head?: string }) =>
      run(async ({ dataDir }) => {
        const { printVerification } = await import('./audit.ts');
        const isWhole = await printVerification(locateFiles(dataDir).auditFiles, own.head, print);
        if (!isWhole) process.exitCode = 1;
      }),
    );
  audit
    .command('show')
    .description('print the audit log, oldest entry first, one JSON object a line')
    .option('--execution <id>', 'only what belongs to one execution')
    .action((own: { readonly execution?: string }) =>
      run(async ({ dataDir }) => {
        const { printAudit } = await import('./audit.ts');
        await printAudit(locateFiles(dataDir).auditFiles, own.execution, print);
      }),
    );
}

function addReplay(command: Command, run: RunCommand, principal: string): void {
  command
    .command('replay <execution>')
    .description('run an execution again from its journal, without a backend, and show the first difference')
    .option('--json', 'as one JSON object')
    .action((execution: string, own: { readonly json?: boolean }) =>
      run(async (flags) => {
        const { printReplay } = await import('./replay.ts');
        const isSame = await printReplay(
          {
            principal,
            execution,
            files: locateFiles(flags.dataDir),
            catalogue: await loadCatalogue(flags),
            limits: parseLimits(flags.limit),
            asJson: own.json === true,
          },
          print,
        );
        if (!isSame) process.exitCode = DIFFERENT;
      }),
    );
}

function print(text: string): void {
  process.stdout.write(text);
}
