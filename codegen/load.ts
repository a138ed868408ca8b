import { readFile } from 'node:fs/promises';
import type { ErrorObject } from 'ajv';
import { createAjv } from './ajv.ts';
import { ATHENA, type BackendKind } from './backend-kind.ts';
import { checkLinks, type LinkMistake } from './check-catalogue.ts';
import { checkFile } from './check-file.ts';
import { type CompiledTool, compileTool } from './compile-tool.ts';
import { createDraftSchema } from './draft-schema.ts';
import { type FileLinks, linksOf } from './links.ts';
import { createLocator, repeatedNames } from './locate.ts';
import { type Mistake, quote, type Report, sortMistakes } from './mistake.ts';
import { normalise } from './normalise.ts';
import type { ToolSchema } from './schema.ts';
import { createKeywordTest } from './schema-compiler.ts';
import type { SourceFile } from './sources.ts';

/** Schemas are at most `DEEPEST` deep, with two steps for each; values in them add some. */
const DEEPEST_JSON = 500;

const META_SCHEMA = new URL('../schemas/meta-schema.json', import.meta.url);
const IMPORTED_META_SCHEMA = new URL('../schemas/imported-meta-schema.json', import.meta.url);

/** What one file came to by itself. */
export interface LoadedFile {
  readonly mistakes: readonly Mistake[];
  /** Left out when the file could not be read. */
  readonly links?: FileLinks;
  /** Left out when its names or schemas are not sound enough to be compiled. */
  readonly compiled?: CompiledTool;
}

/** Reads one file and holds it against its meta-schema and the rules that this cannot express. */
export type FileLoader = (source: SourceFile) => LoadedFile;

export type LoadResult =
  | { readonly ok: true; readonly tools: readonly CompiledTool[] }
  /** Every mistake of every file, in the order of the files. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Checks schema files, each by itself and then what they say of each other. */
export async function loadSchemas(
  sources: readonly SourceFile[],
  backend: BackendKind = ATHENA,
): Promise<LoadResult> {
  const load = await openFileLoader(backend);
  const files = sources.map(load);
  const mistakes = sortMistakes(sources, [
    ...files.flatMap((file) => file.mistakes),
    ...locateMistakes(sources, checkLinks(sources, files)),
  ]);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, tools: files.flatMap(({ compiled }) => compiled ?? []) };
}

export async function openFileLoader(backend: BackendKind): Promise<FileLoader> {
  const validate = await openMetaValidator(backend);
  const isKeyword = createKeywordTest();
  return (source) => {
    const mistakes: Mistake[] = [];
    const { report, tool } = readTool(source, validate, collector(source, mistakes));
    if (tool === undefined) return { mistakes };
    const isSound = checkFile(source.name, tool, backend, isKeyword, report);
    const compiled = isSound ? compileTool(tool, report) : undefined;
    return { mistakes, links: linksOf(source.name, tool), ...(compiled === undefined ? {} : { compiled }) };
  };
}

/** Adds lines and what was found to what files say wrongly of each other. */
export function locateMistakes(
  sources: readonly SourceFile[],
  mistakes: readonly LinkMistake[],
): readonly Mistake[] {
  const located: Mistake[] = [];
  for (const source of sources) {
    const own = mistakes.filter(({ file }) => file === source.name);
    if (own.length === 0) continue;
    const document: unknown = JSON.parse(source.text);
    const report = collector(source, located);
    for (const { pointer, expected } of own) report(pointer, expected, found(document, pointer));
  }
  return located;
}

/** Whether JSON is nested too deep to be gone through step by step, as all that follows does. */
function isDeeper(json: unknown, most: number): boolean {
  let level: readonly unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

type MetaValidator = (document: unknown) => readonly ErrorObject[];

/** A file that was read: how to report what is wrong in it, and its content unless that is of no use. */
interface ReadTool {
  readonly report: Report;
  readonly tool?: ToolSchema;
}

/** Parses and normalises one file; without a tool when it is not JSON or not an operation file. */
function readTool(source: SourceFile, validate: MetaValidator, reportRaw: Report): ReadTool {
  let raw: unknown;
  try {
    raw = JSON.parse(source.text);
  } catch (error) {
    reportRaw('', 'JSON', error instanceof Error ? error.message : String(error));
    return { report: reportRaw };
  }
  if (isDeeper(raw, DEEPEST_JSON)) {
    reportRaw('', `JSON nested at most ${DEEPEST_JSON} deep`, 'deeper nesting');
    return { report: reportRaw };
  }
  let faults = 0;
  const count: Report = (...mistake) => {
    faults += 1;
    reportRaw(...mistake);
  };
  for (const pointer of repeatedNames(source.text, raw))
    count(pointer, 'a name that stands once in its object', pointer.slice(pointer.lastIndexOf('/') + 1));
  const { document, origin } = normalise(raw, count);
  const report: Report = (pointer, expected, value) => reportRaw(origin(pointer), expected, value);
  const errors = validate(document);
  for (const error of errors)
    report(error.instancePath, expectation(error), found(document, error.instancePath));
  return { report, ...(errors.length + faults === 0 ? { tool: document as ToolSchema } : {}) };
}

const metaValidators = new Map<boolean, Promise<MetaValidator>>();

/** Compiled once, which takes longer than to load a small file. */
function openMetaValidator({ isImported }: BackendKind): Promise<MetaValidator> {
  const known = metaValidators.get(isImported) ?? compileMetaSchema(isImported);
  metaValidators.set(isImported, known);
  return known;
}

async function compileMetaSchema(isImported: boolean): Promise<MetaValidator> {
  const ajv = createAjv({
    allErrors: true,
    strict: false,
    logger: false,
    validateSchema: false,
    meta: false,
    inlineRefs: false,
    code: { optimize: false },
    // A pattern that is none is told by `checkSchema`, with what is wrong in it.
    validateFormats: false,
  });
  ajv.addSchema(createDraftSchema());
  const read = async (url: URL): Promise<object> => JSON.parse(await readFile(url, 'utf8'));
  const own = await read(META_SCHEMA);
  if (isImported) ajv.addSchema(own, 'meta-schema.json');
  const validate = ajv.compile(isImported ? await read(IMPORTED_META_SCHEMA) : own);
  return (document) => {
    validate(document);
    const errors = (validate.errors ?? []).filter((error) => error.keyword !== 'if');
    const seen = new Map(errors.map((error) => [`${error.instancePath} ${expectation(error)}`, error]));
    return [...seen.values()];
  };
}

function expectation({ message, keyword, params }: ErrorObject): string {
  const detail: unknown = params.additionalProperty ?? params.allowedValues ?? params.allowedValue;
  const text = detail === undefined ? '' : `: ${JSON.stringify(detail)}`;
  return `${(message ?? keyword).replace(/^must /, 'to ')}${text}`;
}

function found(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function collector(source: SourceFile, mistakes: Mistake[]): Report {
  const locate = createLocator(source.text);
  return (pointer, expected, value) => {
    const line = pointer === '' ? {} : { line: locate(pointer) };
    const found = typeof value === 'string' && pointer === '' ? value : quote(value);
    mistakes.push({ file: source.name, pointer, ...line, expected, found });
  };
}
