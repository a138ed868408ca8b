/** Whose schemas a folder holds. */
export interface BackendKind {
  /** The backend's name, and the root that programs write. */
  readonly name: string;
  /** Whether they came from `codegen import`: the rules of prose and the eight layers do not hold for them. */
  readonly isImported: boolean;
}

export const ATHENA: BackendKind = { name: 'athena', isImported: false };
