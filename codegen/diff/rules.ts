/** How much a change matters to agent code, worst first. */
export const KINDS = ['breaking', 'additive', 'documentation'] as const;
export type Kind = (typeof KINDS)[number];

interface Rule {
  readonly kind: Kind;
  /** What changed, in words. */
  readonly what: string;
  /** What agent code must do. */
  readonly advice: string;
}

/**
 * Every change that is told apart. What goes in may accept more and still take the old programs; what comes out
 * may promise more and still be understood by them. One thing is decided against that law: a value added to a
 * result is additive, because the programs that stand go on as before for every value that they know.
 */
export const RULES = {
  'tool-removed': {
    kind: 'breaking',
    what: 'A tool is gone with its operations.',
    advice: 'Search with discover for operations that do the same; nothing under the old namespace is left.',
  },
  'tool-renamed': {
    kind: 'breaking',
    what: 'A tool has another name (a guess: most operations are the same).',
    advice: 'Write the new namespace. Policies that name the old one need the new one.',
  },
  'tool-added': {
    kind: 'additive',
    what: 'A tool is new.',
    advice: 'Nothing; its operations can be used.',
  },
  'operation-removed': {
    kind: 'breaking',
    what: 'An operation is gone.',
    advice: 'Stop calling it; a program that names it is refused with UNKNOWN_OPERATION.',
  },
  'operation-replaced': {
    kind: 'breaking',
    what: 'A deprecated operation is gone, as it had announced.',
    advice: 'Call the operation that it named as its successor.',
  },
  'operation-renamed': {
    kind: 'breaking',
    what: 'An operation has another name (a guess by similarity).',
    advice: 'Call the new name, and look at its signature: it may be another operation after all.',
  },
  'operation-added': {
    kind: 'additive',
    what: 'An operation is new.',
    advice: 'Nothing; it can be used.',
  },
  'effect-raised': {
    kind: 'breaking',
    what: 'An operation does more to the data than before.',
    advice: 'Expect policy to deny it or to ask a person; allow it by name where it is wanted.',
  },
  'effect-lowered': {
    kind: 'additive',
    what: 'An operation does less to the data than before.',
    advice: 'Nothing; policies can allow it more widely.',
  },
  'bulk-gained': {
    kind: 'breaking',
    what: 'An operation now works in bulk.',
    advice: 'If it deletes, allow it by name or by the tag in the policy; it is denied otherwise.',
  },
  'bulk-lost': {
    kind: 'additive',
    what: 'An operation no longer works in bulk.',
    advice: 'Nothing; check that a single thing is what the program means.',
  },
  'idempotent-lost': {
    kind: 'breaking',
    what: 'Repeating a call is no longer safe.',
    advice: 'Do not repeat the call after a timeout or a lost backend without looking first.',
  },
  'idempotent-gained': {
    kind: 'additive',
    what: 'Repeating a call is safe now.',
    advice: 'Nothing; a failed call may be repeated.',
  },
  'timeout-lowered': {
    kind: 'breaking',
    what: 'A call may take less time than before.',
    advice: 'Ask for less in one call, or catch CALL_TIMEOUT.',
  },
  'timeout-raised': {
    kind: 'additive',
    what: 'A call may take more time than before.',
    advice: 'Nothing; give the run enough time for it.',
  },
  'operation-deprecated': {
    kind: 'additive',
    what: 'An operation is deprecated.',
    advice: 'Call what it names instead, before it is removed.',
  },
  'operation-undeprecated': {
    kind: 'documentation',
    what: 'An operation is no longer deprecated.',
    advice: 'Nothing.',
  },
  'deprecation-text': {
    kind: 'documentation',
    what: 'A deprecation says something else.',
    advice: 'Read what it names instead.',
  },
  'alias-target-changed': {
    kind: 'breaking',
    what: 'An operation is another name of something else than before.',
    advice: 'Call the old target by its own name if that is what the program means.',
  },
  'alias-gained': {
    kind: 'documentation',
    what: 'An operation is declared another name of one that exists.',
    advice: 'Nothing; the target can be called instead.',
  },
  'alias-lost': {
    kind: 'documentation',
    what: 'An operation is no longer another name of one that exists.',
    advice: 'Read its description: it stands by itself now.',
  },
  'parameter-removed': {
    kind: 'breaking',
    what: 'A parameter is gone.',
    advice: 'Leave it out; it is refused with INVALID_PARAMETERS.',
  },
  'parameter-renamed': {
    kind: 'breaking',
    what: 'A parameter has another name (a guess by similarity).',
    advice: 'Pass the value under the new name.',
  },
  'parameter-added-required': {
    kind: 'breaking',
    what: 'A parameter is new and must be given.',
    advice: 'Pass it in every call.',
  },
  'parameter-required': {
    kind: 'breaking',
    what: 'A parameter that could be left out must be given.',
    advice: 'Pass it in every call.',
  },
  'parameter-optional': {
    kind: 'additive',
    what: 'A parameter can be left out now.',
    advice: 'Nothing.',
  },
  'parameter-added': {
    kind: 'additive',
    what: 'A parameter is new and can be left out.',
    advice: 'Nothing; it can be used.',
  },
  'parameter-type-narrowed': {
    kind: 'breaking',
    what: 'A parameter takes fewer types of values.',
    advice: 'Convert the values that are no longer taken.',
  },
  'parameter-type-changed': {
    kind: 'breaking',
    what: 'A parameter takes other types of values.',
    advice: 'Convert the values to what it takes now.',
  },
  'parameter-type-widened': {
    kind: 'additive',
    what: 'A parameter takes more types of values.',
    advice: 'Nothing.',
  },
  'parameter-value-removed': {
    kind: 'breaking',
    what: 'A listed value is no longer taken.',
    advice: 'Pass one of the values that are left.',
  },
  'parameter-value-added': {
    kind: 'additive',
    what: 'A further value is taken.',
    advice: 'Nothing; it can be used.',
  },
  'parameter-limit-tightened': {
    kind: 'breaking',
    what: 'A limit on a parameter is tighter.',
    advice: 'Keep the values within the new limit.',
  },
  'parameter-limit-changed': {
    kind: 'breaking',
    what: 'A limit on a parameter is another one.',
    advice: 'Check the values against the new limit: it may refuse what the old one let through.',
  },
  'parameter-limit-loosened': {
    kind: 'additive',
    what: 'A limit on a parameter is looser.',
    advice: 'Nothing.',
  },
  'parameter-default-changed': {
    kind: 'breaking',
    what: 'Leaving a parameter out means something else.',
    advice: 'Pass the old value where it is what the program means.',
  },
  'parameter-default-removed': {
    kind: 'breaking',
    what: 'A parameter has no default any more.',
    advice: 'Pass the old value where it is what the program means.',
  },
  'parameter-default-added': {
    kind: 'additive',
    what: 'A parameter has a default now.',
    advice: 'Nothing, if leaving it out should mean just that.',
  },
  'parameter-closed': {
    kind: 'breaking',
    what: 'Properties without a name in the schema are refused.',
    advice: 'Pass only what the signature names.',
  },
  'parameter-opened': {
    kind: 'additive',
    what: 'Properties without a name in the schema are taken.',
    advice: 'Nothing.',
  },
  'parameter-condition-changed': {
    kind: 'breaking',
    what: 'A condition that only a run checks is another one.',
    advice: 'Read the schema at level 4: it may refuse what the old one let through.',
  },
  'parameter-deprecated': {
    kind: 'additive',
    what: 'A parameter is deprecated.',
    advice: 'Leave it out before it is removed.',
  },
  'parameter-undeprecated': {
    kind: 'documentation',
    what: 'A parameter is no longer deprecated.',
    advice: 'Nothing.',
  },
  'parameter-description': {
    kind: 'documentation',
    what: 'A parameter is described in other words.',
    advice: 'Read them if the program uses it.',
  },
  'result-removed': {
    kind: 'breaking',
    what: 'A property of a result is gone.',
    advice: 'Stop reading it; it is undefined.',
  },
  'result-renamed': {
    kind: 'breaking',
    what: 'A property of a result has another name (a guess by similarity).',
    advice: 'Read the new name.',
  },
  'result-optional': {
    kind: 'breaking',
    what: 'A property of a result may be missing now.',
    advice: 'Expect undefined.',
  },
  'result-required': {
    kind: 'additive',
    what: 'A property of a result is always there now.',
    advice: 'Nothing; checks for undefined can go.',
  },
  'result-added': {
    kind: 'additive',
    what: 'A property of a result is new.',
    advice: 'Nothing; it can be read.',
  },
  'result-type-widened': {
    kind: 'breaking',
    what: 'A result has further types of values; null is one.',
    advice: 'Handle the values that it did not have before.',
  },
  'result-type-changed': {
    kind: 'breaking',
    what: 'A result has other types of values.',
    advice: 'Read it as what it is now.',
  },
  'result-type-narrowed': {
    kind: 'additive',
    what: 'A result has fewer types of values.',
    advice: 'Nothing; branches for the others can go.',
  },
  'result-value-added': {
    kind: 'additive',
    what: 'A result may have a further value.',
    advice: 'Give it a branch where every value has one: a switch that ends in never no longer covers all.',
  },
  'result-value-removed': {
    kind: 'additive',
    what: 'A result never has one of its values any more.',
    advice: 'Nothing; its branch can go.',
  },
  'result-limit-loosened': {
    kind: 'breaking',
    what: 'A limit that a result kept is looser or gone.',
    advice: 'Do not rely on the old limit.',
  },
  'result-limit-changed': {
    kind: 'breaking',
    what: 'A limit that a result keeps is another one.',
    advice: 'Do not rely on the old limit.',
  },
  'result-limit-tightened': {
    kind: 'additive',
    what: 'A limit that a result keeps is tighter.',
    advice: 'Nothing.',
  },
  'result-rest-changed': {
    kind: 'additive',
    what: 'Whether further properties may come is said differently.',
    advice: 'Nothing; read only what the signature names.',
  },
  'result-condition-changed': {
    kind: 'breaking',
    what: 'A condition that a result keeps is another one.',
    advice: 'Read the schema at level 4 if the program relies on it.',
  },
  'result-deprecated': {
    kind: 'additive',
    what: 'A property of a result is deprecated.',
    advice: 'Stop reading it before it is removed.',
  },
  'result-undeprecated': {
    kind: 'documentation',
    what: 'A property of a result is no longer deprecated.',
    advice: 'Nothing.',
  },
  'result-description': {
    kind: 'documentation',
    what: 'A result is described in other words.',
    advice: 'Read them if the program uses it.',
  },
  'id-kind-changed': {
    kind: 'breaking',
    what: 'An id is the id of another kind of thing.',
    advice: 'Pass ids of the new kind; those of the old one are a TYPE_ERROR.',
  },
  'id-kind-added': {
    kind: 'additive',
    what: 'An id says of which kind of thing it is.',
    advice: 'Nothing; plain numbers and strings pass as before, ids of another kind do not.',
  },
  'id-kind-removed': {
    kind: 'documentation',
    what: 'An id no longer says of which kind of thing it is.',
    advice: 'Nothing.',
  },
  summary: {
    kind: 'documentation',
    what: 'A summary has other words.',
    advice: 'Nothing.',
  },
  description: {
    kind: 'documentation',
    what: 'A tool or an operation is described in other words.',
    advice: 'Read them if the program uses it.',
  },
  examples: {
    kind: 'documentation',
    what: 'Examples changed.',
    advice: 'Nothing.',
  },
  related: {
    kind: 'documentation',
    what: 'Other operations are named as related.',
    advice: 'Nothing.',
  },
  tags: {
    kind: 'documentation',
    what: 'The tags changed.',
    advice: 'Nothing; policies that name a tag need a look.',
  },
  layer: {
    kind: 'documentation',
    what: 'A tool belongs to another layer.',
    advice: 'Nothing; discover lists it there, and policies that name a layer need a look.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
