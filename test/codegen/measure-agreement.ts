import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSchema } from '../../codegen/check-schema.ts';
import { documentationLines } from '../../codegen/emit/comments.ts';
import { describeParameter } from '../../codegen/emit/constraints.ts';
import { printFile } from '../../codegen/emit/print.ts';
import { typeNode } from '../../codegen/emit/type-node.ts';
import type { TypeStyle } from '../../codegen/emit/type-parts.ts';
import { normalise, type Reading } from '../../codegen/normalise.ts';
import type { Schema } from '../../codegen/schema.ts';
import { createKeywordTest, createSchemaCompiler, loadValidators } from '../../codegen/schema-compiler.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { typeCheck } from './codegen-process.ts';

export const DRAFTS = ['draft2020-12', 'draft7'] as const;
export type Draft = (typeof DRAFTS)[number];

/** One schema of the suite with values and what the suite says of each. */
interface Group {
  readonly file: string;
  readonly description: string;
  readonly schema: any;
  readonly tests: readonly {
    readonly description: string;
    readonly data: JsonValue;
    readonly valid: boolean;
  }[];
}

/** One value of the suite, and what codegen makes of it. */
export interface Verdict {
  readonly file: string;
  readonly what: string;
  readonly valid: boolean;
  readonly validator: boolean;
  /** Undefined where a literal cannot say the value. */
  readonly type: boolean | undefined;
  /** Whether the type's documentation tells of a demand that the type does not make. */
  readonly isRemarked: boolean;
}

export interface Agreement {
  /** The files of the schemas, each as often as it has schemas. */
  readonly schemas: readonly string[];
  /** Schemas that codegen refused, with what it said. */
  readonly refused: readonly { readonly file: string; readonly what: string; readonly why: string }[];
  readonly verdicts: readonly Verdict[];
  /** What TypeScript says against the types themselves. */
  readonly broken: readonly string[];
}

/** How far codegen agrees with the part of the suite that every implementation must pass, or with the other. */
export function countAgreement(agreement: Agreement, part: 'required' | 'optional') {
  const isOfPart = (file: string) => file.startsWith('optional') === (part === 'optional');
  const verdicts = agreement.verdicts.filter(({ file }) => isOfPart(file));
  const sayable = verdicts.filter(({ type }) => type !== undefined);
  const share = (agreed: readonly Verdict[], all: readonly Verdict[]) =>
    `${((100 * agreed.length) / all.length).toFixed(1)} %`;
  return {
    schemas: agreement.schemas.filter(isOfPart).length,
    refused: agreement.refused.filter(({ file }) => isOfPart(file)).length,
    values: verdicts.length,
    validator: share(
      verdicts.filter(({ validator, valid }) => validator === valid),
      verdicts,
    ),
    type: share(
      sayable.filter(({ type, valid }) => type === valid),
      sayable,
    ),
    narrower: sayable.filter(({ type, valid }) => valid && type === false).length,
  };
}

/** The folder `tests` of a JSON-Schema-Test-Suite, if there is one. */
export function findSuite(given: string | undefined): string | undefined {
  const places = given === undefined ? ['/usr/share/json-schema-test-suite'] : [given];
  return places.map((place) => join(place, 'tests')).find((place) => existsSync(place));
}

export function hasDraft(suite: string, draft: Draft): boolean {
  return existsSync(join(suite, draft));
}

/**
 * Runs codegen's types and validators over every schema of a draft.
 * @param scratch a folder for what is type checked
 */
export async function measureAgreement(
  suite: string,
  draft: Draft,
  reading: Reading,
  scratch: string,
): Promise<Agreement> {
  const groups = readGroups(suite, draft);
  const refused: Agreement['refused'][number][] = [];
  const types: string[] = [];
  const lines: string[] = [];
  const pending: { readonly verdict: Omit<Verdict, 'type'>; readonly line: number | undefined }[] = [];
  for (const [index, group] of groups.entries()) {
    const compiled = await compileGroup(group, index, draft, reading);
    if (typeof compiled === 'string') {
      refused.push({ file: group.file, what: group.description, why: compiled });
      continue;
    }
    types.push(compiled.types);
    for (const { data, valid, description } of group.tests) {
      const what = `${group.description}: ${description}`;
      const verdict = {
        file: group.file,
        what,
        valid,
        validator: compiled.accepts(data),
        isRemarked: compiled.isRemarked,
      };
      const literal = sayValue(data);
      const isSayable = !literal.includes('"__proto__"');
      if (isSayable) lines.push(`const v${lines.length}: G${index}.Value = ${literal};`);
      pending.push({ verdict, line: isSayable ? lines.length : undefined });
    }
  }
  const faults = typeCheck(scratch, { 'types.d.ts': types.join('\n'), 'values.ts': `${lines.join('\n')}\n` });
  const unfit = new Set(faults.filter(({ file }) => file === 'values.ts').map(({ line }) => line));
  return {
    schemas: groups.map(({ file }) => file),
    refused,
    verdicts: pending.map(({ verdict, line }) => ({
      ...verdict,
      type: line === undefined ? undefined : !unfit.has(line),
    })),
    broken: faults
      .filter(({ file }) => file !== 'values.ts')
      .map(({ line, message }) => `${line}: ${message}`),
  };
}

/** A value as TypeScript on one line: JSON may have line ends of its own. */
export function sayValue(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function readGroups(suite: string, draft: Draft): readonly Group[] {
  const folder = join(suite, draft);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return files.sort().flatMap((file) => {
    const groups: readonly Omit<Group, 'file'>[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return groups.map((group) => ({ ...group, file: file.replaceAll('\\', '/').replace(/\.json$/, '') }));
  });
}

interface Compiled {
  /** Whether the documentation of the type tells of anything beyond it. */
  readonly isRemarked: boolean;
  readonly types: string;
  readonly accepts: (value: JsonValue) => boolean;
}

const documentationOf = (schema: Schema): readonly string[] =>
  documentationLines(
    describeParameter(typeof schema === 'boolean' ? schema : { ...schema, description: '' }),
  );
const STYLE: TypeStyle = {
  position: 'params',
  compact: false,
  decorate: (member, schema) => ({ ...member, documentation: documentationOf(schema) }),
};
const isKeyword = createKeywordTest();

async function compileGroup(
  { schema }: Group,
  index: number,
  draft: Draft,
  reading: Reading,
): Promise<Compiled | string> {
  const early = 'http://json-schema.org/draft-07/schema#';
  const isNaked = typeof schema === 'boolean' || draft !== 'draft7' || '$schema' in schema;
  return compileSchema(isNaked ? schema : { $schema: early, ...schema }, index, reading);
}

/** The type and the validator of one schema; what codegen says where it refuses the schema. */
export async function compileSchema(
  raw: unknown,
  index: number,
  reading: Reading,
): Promise<Compiled | string> {
  const mistakes: string[] = [];
  const report = (pointer: string, expected: string) => mistakes.push(`${pointer}: expected ${expected}`);
  const file = { operations: [{ operation: 'value', result: raw }] };
  const { document: normal } = normalise(file, report, reading);
  const { operations, $defs = {} }: any = normal;
  const schema: Schema = operations[0].result;
  checkSchema({ schema, pointer: '' }, $defs, isKeyword, report);
  for (const [name, inner] of Object.entries<Schema>($defs)) {
    checkSchema({ schema: inner, pointer: `/$defs/${name}` }, $defs, isKeyword, report);
  }
  if (mistakes.length > 0) return mistakes.join('; ');
  const wrapped = typeof schema === 'boolean' ? { allOf: [schema] } : schema;
  const compiler = createSchemaCompiler('result', $defs, [schema]);
  compiler.compile('value', wrapped);
  const { value: validate } = loadValidators(compiler.emitCode(['value']));
  assert.ok(validate !== undefined);
  const aliases = Object.entries<Schema>({ ...$defs, Value: schema }).map(([name, inner]) => {
    const type = typeNode(inner, STYLE);
    return printFile([{ kind: 'type', name, type, documentation: documentationOf(inner) }]);
  });
  return {
    isRemarked: aliases.some((alias) => alias.includes('/**')),
    types: `declare namespace G${index} { ${aliases.join('\n')} }`,
    accepts: (value) => validate(structuredClone(value)) === true,
  };
}
