import type { Effect, OperationId } from './catalogue.ts';
import type { ErrorCode } from './error-codes.ts';
import type { LimitHit } from './limits.ts';

/** A place in the agent's own code and what is wrong there. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** The agent's line itself, cut to 200 characters around the column. */
  readonly snippet: string;
  /** What to write instead: ``did you mean `memory.recall`?`` */
  readonly suggestion?: string;
  readonly limit?: LimitHit;
}

/** What a program can do, known before it runs. */
export interface ProgramEffect {
  readonly operation: OperationId;
  readonly effect: Effect;
}

/** An insertion made after blanking, so that a run-time column can be put back to the agent's own. */
export interface Insertion {
  /** 1-based line, and 1-based column in the agent's code before which text was inserted. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A skill that a program can call, as it is evaluated beside the program. */
export interface ProgramSkill {
  readonly name: string;
  /** Its text as it was saved, of which an error shows a line; left out in journals of earlier versions. */
  readonly code?: string;
  /** Plain JavaScript: its own text without types, at unmoved positions, as a body that returns the function. */
  readonly source: string;
  readonly insertions: readonly Insertion[];
}

/** What a skill's text says by itself, whatever the schemas are. */
export interface SkillText {
  readonly name: string;
  /** TypeScript, as it is stored and exported: the types that it needs, its doc comment, one exported function. */
  readonly code: string;
  /** What the doc comment says. */
  readonly documentation: string;
  /** `weeklyReview(params: { since: string }): Promise<Review>`. */
  readonly signature: string;
  /** Declarations of the types that the signature and the function use; may be empty. */
  readonly types: string;
  /** The skills that it calls itself, sorted. */
  readonly calls: readonly string[];
}

/** A skill after the check: what it can do is known, and it can be evaluated beside a program. */
export interface Skill extends SkillText, ProgramSkill {
  readonly code: string;
  /** Everything that it can reach, what it reaches through other skills included. */
  readonly effects: readonly ProgramEffect[];
  readonly openNamespaces: readonly string[];
}

/** The agent's code after the check. */
export interface Program {
  /** Plain JavaScript: the body of an async function, every identifier at its line and column in the code. */
  readonly source: string;
  readonly insertions: readonly Insertion[];
  /** SHA-256 of the agent's code and of the texts of its skills, hex. */
  readonly hash: string;
  /** The operations that the program can reach, those of its skills included, sorted by id. */
  readonly effects: readonly ProgramEffect[];
  /** Namespaces reached by computed access (`athena.memory[name]`): all of their operations are in `effects`. */
  readonly openNamespaces: readonly string[];
  /** The skills that it can call, and those that these call, sorted by name; left out where there are none. */
  readonly skills?: readonly ProgramSkill[];
}

export type CheckResult =
  | {
      readonly ok: true;
      readonly program: Program;
      readonly warnings: readonly Diagnostic[];
      /** The skill that the program declares, where it was asked for. */
      readonly skill?: Skill;
    }
  /** Refused. `errors` holds at least one diagnostic, in the order of the code. */
  | { readonly ok: false; readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] };
