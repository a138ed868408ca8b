import { styleText } from 'node:util';
import type { Command } from 'commander';
import {
  type DescribedSession,
  type DetailedSession,
  describeSession,
  listSessions,
} from '../describe-sessions.ts';
import { escapeLine } from '../filter/escape-line.ts';
import { StartError } from '../start-error.ts';
import { alignColumns } from './table.ts';
import { type SessionsPlace, withRegister } from './with-register.ts';

type Write = (text: string) => void;

/** Whose sessions, where they are, and how they are printed. */
interface SessionsCommand extends SessionsPlace {
  readonly principal: string;
  readonly asJson: boolean;
  readonly write: Write;
}

/**
 * Adds `sessions list`, `show` and `remove` to a command line.
 * @param run does the work with what the flags say
 */
export function addSessions(
  parent: Command,
  run: (asJson: boolean, work: (command: SessionsCommand) => Promise<void>) => Promise<void>,
): void {
  const sessions = parent.command('sessions').description('the sessions of programs: variables and history');
  const add = (name: string, description: string): Command =>
    sessions.command(name).description(description).option('--json', 'as JSON');
  add('list', 'list the sessions, the last used first').action((own: Own) =>
    run(own.json === true, printSessions),
  );
  add('show <name>', 'show what a session holds, and its last executions').action((name: string, own: Own) =>
    run(own.json === true, (command) => printSession(command, name)),
  );
  add('remove <name>', 'remove a session with all it holds').action((name: string, own: Own) =>
    run(own.json === true, (command) => removeSession(command, name)),
  );
}

interface Own {
  readonly json?: boolean;
}

/** @throws {StartError} when there is no data directory */
async function printSessions(command: SessionsCommand): Promise<void> {
  const sessions = await withRegister(command, (register) => listSessions(register, command.principal));
  command.write(command.asJson ? asJson(sessions) : tableOf(sessions));
}

/** @throws {StartError} when there is no such session, or no data directory */
async function printSession(command: SessionsCommand, name: string): Promise<void> {
  const session = await withRegister(command, (register) =>
    describeSession(register, command.principal, name),
  );
  if (session === undefined) throw unknownSession(name);
  command.write(command.asJson ? asJson(session) : pageOf(session));
}

/** @throws {StartError} when there is no such session, or no data directory */
async function removeSession(command: SessionsCommand, name: string): Promise<void> {
  const isRemoved = await withRegister(command, (register) => register.remove(command.principal, name));
  if (!isRemoved) throw unknownSession(name);
  command.write(command.asJson ? asJson({ removed: name }) : `Removed session ${name} with all it held.\n`);
}

function unknownSession(name: string): StartError {
  return new StartError(
    'INVALID_SESSION',
    `There is no session ${JSON.stringify(name)}; \`sessions list\` shows those there are.`,
  );
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function tableOf(sessions: readonly DescribedSession[]): string {
  if (sessions.length === 0) return 'There are no sessions.\n';
  return printTable([
    ['session', 'created', 'last used', 'expires', 'variables', 'executions'],
    ...sessions.map(({ name, created, lastUsed, expires, variables, executions }) => [
      name,
      shortTime(created),
      shortTime(lastUsed),
      shortTime(expires),
      String(variables),
      String(executions),
    ]),
  ]);
}

function pageOf({ name, created, lastUsed, expires, variables, history }: DetailedSession): string {
  const head = alignColumns([
    ['session', name],
    ['created', shortTime(created)],
    ['last used', shortTime(lastUsed)],
    ['expires', shortTime(expires)],
  ]);
  const sizes = [
    ['variable', 'namespace', 'bytes as JSON'],
    ...variables.map(({ key, namespace = '', bytes }) => [escapeLine(key), String(namespace), String(bytes)]),
  ];
  const runs = [
    ['execution', 'begun', 'outcome', 'calls', 'wrote', 'code'],
    ...history.map(({ execution, at, outcome, calls, wrote, code }) => [
      execution,
      shortTime(at),
      outcome,
      String(calls),
      String(wrote),
      escapeLine(code),
    ]),
  ];
  const parts = [
    variables.length === 0 ? 'no variables\n' : printTable(sizes),
    history.length === 0 ? 'no executions\n' : printTable(runs),
  ];
  return `${head.join('\n')}\n\n${parts.join('\n')}`;
}

/** The first row stands out on a terminal, and is a row like any other in a pipe or with `NO_COLOR`. */
function printTable(rows: readonly (readonly string[])[]): string {
  const [first = '', ...others] = alignColumns(rows);
  return [styleText('bold', first, { stream: process.stdout }), ...others]
    .map((line) => `${line}\n`)
    .join('');
}

/** To the second: `2026-11-26 08:15:00Z`. */
function shortTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+/, '');
}
