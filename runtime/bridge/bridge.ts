import type { Approve } from '../contract/approval.ts';
import type { Backend, CallContext } from '../contract/backend.ts';
import type { Catalogue, OperationAdapter, OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunJournal } from '../contract/journal.ts';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { CallTally, Warning } from '../contract/outcome.ts';
import type { Privacy } from '../contract/policy.ts';
import { markPersonal } from '../contract/privacy.ts';
import type { BeginWait, CallAnswer, CallRefusal, GuestCall } from '../contract/sandbox.ts';
import type { SessionTokens, SessionVariables } from '../contract/session.ts';
import { answerBuiltIn } from './built-in-calls.ts';
import { callOnce, keyOf, tallyPast, wasMade } from './call-once.ts';
import { callOperation, type OperationCall } from './call-operation.ts';
import { describeViolations } from './describe-violations.ts';
import { createProgressWatch, type ReportedProgress } from './progress-watch.ts';
import { isBuiltIn, nameForAgents, readParams } from './read-params.ts';
import { hit, refuse } from './refuse.ts';
import { refuseUnapproved } from './refuse-unapproved.ts';
import { type Clean, restoreTokens, withTokens } from './restore-tokens.ts';

export interface BridgeOptions {
  readonly catalogue: Catalogue;
  readonly find: (id: OperationId) => OperationEntry | undefined;
  readonly backend: Backend;
  readonly limits: Limits;
  readonly grant: readonly OperationId[];
  /** Those of them that a person must agree to, call by call. */
  readonly asked: readonly OperationId[];
  /** Decides such a call. Whoever keeps what was asked and decided stands in between. */
  readonly approve: Approve;
  readonly context: CallContext;
  readonly variables: SessionVariables;
  readonly journal: RunJournal;
  readonly tokens: SessionTokens;
  readonly privacy: Privacy;
  /** Takes secrets and personal data out of what an operation answers. */
  readonly clean: Clean;
  /** Told of every operation call that was within the run's limit of calls. */
  readonly onCall: (call: AuditedCall) => void;
  /** Told of an exception behind a call; the program learns only that there was one. */
  readonly onBug: (error: unknown) => void;
}

/** One operation call as the audit is told of it. */
export interface AuditedCall {
  /** Undefined when there is no such operation. */
  readonly entry: OperationEntry | undefined;
  readonly isGranted: boolean;
  /** The parameters as the program sent them. */
  readonly json: string;
  readonly outcome: 'answered' | ErrorCode;
  readonly ms: number;
}

/** The trusted end of every call of one execution. */
export interface Bridge {
  answer(call: GuestCall, signal: AbortSignal, beginWait?: BeginWait): Promise<CallAnswer>;
  tally(): CallTally;
  /**
   * From now on backends are asked how far calls are that begin; unwatched, they are not.
   * @returns tells how far the run is. Never rejects
   */
  watch(): () => Promise<RunProgress>;
  warnings(): readonly Warning[];
}

/** How far a run is. */
export interface RunProgress extends CallTally {
  readonly reported: ReportedProgress | undefined;
}

/** A program that repeats one mistake a thousand times gets a handful of warnings. */
const MOST_WARNINGS = 20;

/**
 * Makes the bridge of one execution. Session, principal and grant are bound here and never read from what
 * the guest sends.
 */
export function createBridge(options: BridgeOptions): Bridge {
  const granted = new Set(options.grant);
  const needsPerson = new Set(options.asked);
  const warnings = new Map<string, Warning>();
  const past = tallyPast(options.journal.past, options.find);
  let asked = past.asked;
  /** Characters sent to be stored: a run could have gigabytes written to disk, each variable over and over. */
  let stored = 0;
  let { made, wrote } = past;
  let answered = made;
  const progress = createProgressWatch();

  const warn = (warning: Warning): void => {
    if (warnings.size < MOST_WARNINGS) warnings.set(warning.message, warning);
  };

  /** What an operation was told for a token must not come back to the program, even where results enter as they are. */
  const hideFrom =
    (id: OperationId, values: ReadonlyMap<string, string>) =>
    async (value: JsonValue): Promise<JsonValue> =>
      options.clean(await withTokens(value, values), (found) => {
        warn({
          code: 'PERSONAL_DATA_REPLACED',
          message: `By policy, tokens stand in the place of personal data in what ${id} answers.`,
        });
        return options.tokens.make(found, [options.privacy.rootOf(id)]);
      });

  /** Makes a call, and listens to what the backend reports of it if somebody watches. */
  const callWatched = (
    call: OperationCall,
    values: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<CallAnswer> =>
    progress.during(
      call.adapter.id,
      // A person reads it, and nobody passes it on: where an operation would take a token, a mark does.
      async (message) => String(await options.clean(await withTokens(message, values), markPersonal)),
      (onProgress) =>
        callOperation(
          { ...call, ...(onProgress && { onProgress }) },
          options.backend,
          options.context,
          options.limits,
          signal,
          warn,
        ),
    );

  const seekApproval = async (
    { name, json }: GuestCall,
    params: JsonObject,
    signal: AbortSignal,
    beginWait: BeginWait,
  ): Promise<CallRefusal | undefined> => {
    const operation = name as OperationId;
    const endWait = beginWait();
    const decision = await options.approve({ operation, params, sent: json }, signal).finally(endWait);
    // What was allowed in the moment that the run ended is not carried out.
    return refuseUnapproved(operation, signal.aborted ? 'undecided' : decision, options.limits);
  };

  const answerOperation = async (
    guestCall: GuestCall,
    params: JsonObject,
    signal: AbortSignal,
    findObjection: (params: JsonObject) => Promise<CallRefusal | undefined>,
  ): Promise<CallAnswer> => {
    const id = guestCall.name as OperationId;
    const adapter = granted.has(id) ? await findAdapter(options, id) : undefined;
    if (adapter === undefined) return refuse('NOT_GRANTED', `\`${id}\` is not in this execution's grant.`);
    if (!options.backend.serves(adapter)) {
      const message = `\`${id}\` is not served by ${options.backend.name}; discover marks what is not served.`;
      return refuse('OPERATION_NOT_SERVED', message);
    }
    const { backend, context, tokens, privacy, journal } = options;
    const restored = await restoreTokens(id, params, tokens, privacy, options.clean, warn);
    if (!restored.ok) return restored;
    // The validator fills defaults in: on a copy of the program's own, parsed for this call alone.
    if (!adapter.validateParams(restored.params)) {
      // Quoted as the program sent them: with tokens.
      return refuse(
        'INVALID_PARAMETERS',
        `${id}: ${describeViolations(adapter.validateParams.errors ?? [], params)}.`,
      );
    }
    // What left in an earlier life of the run had been agreed to: nobody can take that back by being asked again.
    const isAgreed = journal.past.unknown.has(guestCall.number);
    const objection = needsPerson.has(id) && !isAgreed ? await findObjection(restored.params) : undefined;
    if (objection !== undefined) return { ok: false, ...objection };
    const isChange = adapter.effect !== 'read';
    const refusal = isChange ? await callOnce(guestCall, adapter, journal, backend, warn) : undefined;
    if (wasMade(refusal)) made++;
    if (isChange && wasMade(refusal)) wrote++;
    if (refusal !== undefined) return { ok: false, ...refusal };
    const hide = privacy.hides(id) || restored.values.size > 0 ? hideFrom(id, restored.values) : undefined;
    const call = {
      adapter,
      params: restored.params,
      ...(isChange && { key: keyOf(context.execution, guestCall) }),
      ...(hide && { hide }),
    };
    const answer = await callWatched(call, restored.values, signal);
    // What the end of the run cut short was given up, not answered.
    if (!signal.aborted) answered++;
    return answer;
  };

  const answerSafely = async (
    call: GuestCall,
    signal: AbortSignal,
    beginWait: BeginWait,
  ): Promise<CallAnswer> => {
    const params = readParams(call, options.limits);
    if (!params.ok) return params;
    try {
      return isBuiltIn(call.name)
        ? await answerBuiltIn(call.name, call.number, params.value, options.variables, signal)
        : await answerOperation(call, params.value, signal, (complete) =>
            seekApproval(call, complete, signal, beginWait),
          );
    } catch (error) {
      options.onBug(error);
      return refuse(
        'INTERNAL_ERROR',
        `${nameForAgents(call)} failed by a bug in Athena Code Mode; its log says more.`,
      );
    }
  };

  const tally = (): CallTally => ({ made, wrote, unanswered: made - answered });

  return {
    answer: async (call, signal, beginWait = notWaiting) => {
      // It was carried out before the run was interrupted, and the program never learnt of it.
      const known = options.journal.past.answered.get(call.number);
      if (known !== undefined) return known;
      const { calls, variables, variableBytes } = options.limits;
      if (call.name === '@session.set') stored += call.json.length;
      if (call.name === '@session.set' && stored > variables * variableBytes) {
        const message = `The run has written more to its session than the session can hold: limits variables (${variables}) and variableBytes (${variableBytes}). Keep values in the program, and store them once.`;
        return refuse('CALL_LIMIT', message, hit('variableBytes', options.limits));
      }
      if (isBuiltIn(call.name)) return await answerSafely(call, signal, beginWait);
      if (++asked > calls) {
        const message = `The run has made ${calls} calls, which is limit calls (${calls}). Ask for more in each call, or split the work over several runs.`;
        return refuse('CALL_LIMIT', message, hit('calls', options.limits));
      }
      const since = performance.now();
      const answer = await answerSafely(call, signal, beginWait);
      options.onCall({
        entry: options.find(call.name as OperationId),
        isGranted: granted.has(call.name as OperationId),
        json: call.json,
        outcome: answer.ok ? 'answered' : answer.code,
        ms: performance.now() - since,
      });
      return answer;
    },
    tally,
    watch: () => {
      progress.begin();
      return async () => ({
        ...tally(),
        reported: await progress.read().catch((error: unknown) => void options.onBug(error)),
      });
    },
    warnings: () => [...warnings.values()],
  };
}

/** For who keeps no time. */
const notWaiting: BeginWait = () => () => undefined;

/** Own entries only: a name such as `constructor` finds nothing. */
async function findAdapter(options: BridgeOptions, id: OperationId): Promise<OperationAdapter | undefined> {
  const entry = options.find(id);
  if (entry === undefined) return undefined;
  const adapters = await options.catalogue.adapters(entry.namespace);
  return adapters !== undefined && Object.hasOwn(adapters, entry.method) ? adapters[entry.method] : undefined;
}
