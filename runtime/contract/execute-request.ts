/** What a client asks for. */
export interface ExecuteRequest {
  /** The agent's code: TypeScript, the body of an async function. */
  readonly code: string;
  /** Name of the session; created when new. */
  readonly session: string;
  /** At most `runMs` of the limits' range; the limit's value when left out. */
  readonly timeoutMs?: number;
  /** Check only: diagnostics and effects, nothing runs. */
  readonly dryRun?: boolean;
  /** The name of a function that the code declares: saved as a skill when the run has finished. */
  readonly saveSkill?: string;
}

/** That an interrupted execution goes on. */
export interface ResumeRequest {
  readonly resume: string;
  /** As for a new run; what the run had when it began when left out. */
  readonly timeoutMs?: number;
}
