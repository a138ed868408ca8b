import type { JsonObject } from './contract/json.ts';
import { markPersonal } from './contract/privacy.ts';
import type { ExecutionRecord, SessionRegister, SessionSummary, VariableSize } from './contract/session.ts';
import { cleanValue } from './filter/clean-value.ts';

const CODE_CHARACTERS = 120;

/** A session as people and agents are told of it. Times are ISO 8601. */
interface NamedSession extends JsonObject {
  readonly name: string;
  readonly created: string;
  readonly lastUsed: string;
  readonly expires: string;
}

export interface DescribedSession extends NamedSession {
  readonly variables: number;
  readonly executions: number;
}

/** One variable: `namespace` is left out for the default one. */
export interface DescribedVariable extends JsonObject {
  readonly key: string;
  readonly bytes: number;
}

export interface DescribedExecution extends JsonObject {
  readonly execution: string;
  readonly at: string;
  readonly outcome: string;
  readonly calls: number;
  readonly wrote: number;
  /** The first line that says something, at most 120 characters. */
  readonly code: string;
}

export interface DetailedSession extends NamedSession {
  readonly variables: readonly DescribedVariable[];
  /** Newest first. */
  readonly history: readonly DescribedExecution[];
}

/** The sessions of a principal, the last used first. */
export async function listSessions(
  sessions: SessionRegister,
  principal: string,
): Promise<readonly DescribedSession[]> {
  return (await sessions.list(principal)).map((summary) => ({
    ...describeTimes(summary),
    variables: summary.variables,
    executions: summary.executions,
  }));
}

/**
 * A session with its variables, without their values, and its history. Secrets and personal data do not leave in
 * keys or code either.
 * @returns undefined when there is no such session
 */
export async function describeSession(
  sessions: SessionRegister,
  principal: string,
  name: string,
): Promise<DetailedSession | undefined> {
  const details = await sessions.describe(principal, name);
  if (details === undefined) return undefined;
  const held = {
    variables: details.variableSizes.map(describeVariable),
    history: details.history.map(describeExecution),
  };
  const { value } = await cleanValue(held, markPersonal);
  return { ...describeTimes(details), ...(value as typeof held) };
}

function describeTimes({ name, createdAt, usedAt, expiresAt }: SessionSummary) {
  return { name, created: isoOf(createdAt), lastUsed: isoOf(usedAt), expires: isoOf(expiresAt) };
}

function describeVariable({ namespace, key, bytes }: VariableSize): DescribedVariable {
  return { ...(namespace !== '' && { namespace }), key, bytes };
}

function describeExecution(record: ExecutionRecord): DescribedExecution {
  return {
    execution: record.execution,
    at: isoOf(record.startedAt),
    outcome: record.outcome,
    calls: record.callsMade,
    wrote: record.callsWrote,
    code: firstLineOf(record.code),
  };
}

function firstLineOf(code: string): string {
  const line = code.split('\n').find((one) => one.trim() !== '' && !one.startsWith('```')) ?? '';
  return line.trim().slice(0, CODE_CHARACTERS).toWellFormed();
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
