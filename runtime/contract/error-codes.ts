/**
 * Every stable error code, with the sentence that names it. Each has a page under `docs/errors/`.
 * A code is never renamed or reused.
 */
export const ERROR_CODES = {
  // The request
  INVALID_REQUEST: 'An argument of the tool is missing or wrong.',
  RATE_LIMITED: 'Too many executions in the last minute.',
  QUEUE_FULL: 'Too many executions are waiting for a worker.',
  INVALID_SESSION: 'The session name is not allowed.',
  SESSION_UNAVAILABLE: 'What sessions hold cannot be read or written.',
  UNKNOWN_PATH: 'There is no such layer, namespace, operation or result.',
  AUDIT_UNAVAILABLE: 'The audit log cannot be written.',
  // The check: the program never started
  CODE_TOO_LARGE: 'The code is longer than the limit.',
  STRING_TOO_LONG: 'A string literal is longer than the limit.',
  NESTING_TOO_DEEP: 'The code is nested deeper than the limit.',
  SYNTAX_ERROR: 'The code is not valid TypeScript.',
  FORBIDDEN_CHARACTER: 'The code contains an invisible or direction-changing character.',
  FORBIDDEN_IMPORT: 'Modules cannot be imported.',
  FORBIDDEN_EVALUATOR: 'Code cannot be made from text.',
  FORBIDDEN_GLOBAL: 'The name is not available to programs.',
  FORBIDDEN_SYNTAX: 'The construct is not allowed in programs.',
  UNKNOWN_OPERATION: 'The backend has no such operation.',
  TYPE_ERROR: 'The code would not work: a name, member, argument or parameter is wrong.',
  UNKNOWN_SKILL: 'The project has no such skill.',
  SKILL_BROKEN: 'The skill no longer passes the check.',
  SKILL_INVALID: 'The function cannot become a skill as it is written.',
  TYPE_WARNING: 'The types look doubtful; the program runs all the same.',
  // The grant
  OPERATION_DENIED: 'Policy does not allow the operation.',
  APPROVAL_NEEDED: 'Policy wants a person to agree to the operation, and nobody did.',
  OPERATION_NOT_SERVED: 'This backend does not carry the operation out.',
  // The run
  PROGRAM_ERROR: 'The program threw an error that it did not catch.',
  TIMEOUT: 'The run took longer than its limit.',
  MEMORY_LIMIT: 'The run used more memory than its limit.',
  RESULT_TOO_LARGE: 'The value returned is larger than the limit.',
  RESULT_NOT_JSON: 'The value returned cannot be written as JSON.',
  CANCELLED: 'The client cancelled the run.',
  WORKER_LOST: 'The worker died for a reason that is not a limit.',
  PROTOCOL_VIOLATION: 'The worker sent something that it must not send.',
  SANDBOX_UNAVAILABLE: 'No worker could be started.',
  // A call: can be caught inside the program
  INVALID_PARAMETERS: 'The parameters do not match the operation’s schema.',
  NOT_GRANTED: 'The operation is not in the execution’s grant.',
  CALL_LIMIT: 'The run made more calls than its limit.',
  CALL_TOO_LARGE: 'The parameters of the call are larger than the limit.',
  CALL_RESULT_TOO_LARGE: 'The result of the call is larger than the limit.',
  CALL_TIMEOUT: 'The call took longer than its limit.',
  OPERATION_FAILED: 'The backend refused or failed the operation.',
  BACKEND_LOST: 'The backend died while the call was in flight.',
  BACKEND_UNAVAILABLE: 'The backend cannot be reached.',
  VARIABLE_INVALID: 'The session variable’s key is not allowed.',
  VARIABLE_CONFLICT: 'Another execution changed the session’s variable meanwhile.',
  VARIABLE_TOO_LARGE: 'The session’s variables are larger than the limit.',
  TOKEN_REFUSED: 'The operation may not receive what a token stands for.',
  // Warnings that come with a result
  COMPUTED_ACCESS: 'Operations are reached by a computed name, so a whole namespace was granted.',
  DEPRECATED_OPERATION: 'The program names an operation that is on its way out.',
  SKILL_NOT_SAVED: 'The skill was not saved.',
  RESULT_MISMATCH: 'A result does not match its schema; it was passed on as it came.',
  RESULT_REDACTED: 'Secrets were removed from the result.',
  PERSONAL_DATA_REPLACED: 'Tokens stand in the place of personal data.',
  TOKEN_UNKNOWN: 'A parameter holds a token that this session did not make.',
  RESULT_TABULATED: 'Lists of like objects are shown as columns and rows, to fit the reply.',
  RESULT_CUT: 'The result was cut along its structure to fit the reply.',
  LOGS_CUT: 'Log lines beyond the limit were dropped.',
  // Starting the server
  INVALID_SETTING: 'A flag or an environment variable is wrong.',
  DATA_DIR_UNUSABLE: 'The data directory cannot be read and written.',
  DATABASE_UNUSABLE: 'A database file is locked, damaged or newer than this version.',
  BACKEND_START_FAILED: 'There is no MCP server where the backend should be.',
  POLICY_INVALID: 'The policy file has a mistake, or cannot be read.',
  CONFINEMENT_FAILED: 'The sandbox does not hold on this machine.',
  INTERNAL_ERROR: 'A bug in Athena Code Mode.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
