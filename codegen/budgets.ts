import type { ManifestTree, OperationDetails, OperationEntry } from '../runtime/contract/catalogue.ts';

/** What each level of disclosure may weigh, in bytes of UTF-8 as rendered. */
export const LEVEL_BYTES = { 1: 1024, 2: 5 * 1024, 3: 10 * 1024, 4: 50 * 1024 } as const;

/** What rendering adds to the data: to a text as a whole or to a signature, and to a line of a list. */
const HEADING_BYTES = 120;
const LINE_BYTES = 10;

/** Something generated that weighs more than its level may. */
export interface Overweight {
  readonly level: keyof typeof LEVEL_BYTES;
  /** `layer prospective`, `namespace memory`, `operation memory.recall`. */
  readonly what: string;
  readonly bytes: number;
  /** What to do about it. */
  readonly advice: string;
}

/** What a namespace's signatures weigh together. Lines that several share, its named types, count once. */
export function signatureBytes(signatures: readonly string[]): number {
  const lines = new Set(signatures.flatMap((signature) => signature.split('\n')));
  return sum([...lines].map((line) => bytes(line) + 1)) + signatures.length * HEADING_BYTES;
}

export function overweightTree(tree: ManifestTree): readonly Overweight[] {
  const lines = tree.layers.map(
    ({ layer, tools }) => bytes(layer) + sum(tools.map(({ namespace }) => bytes(namespace) + LINE_BYTES)),
  );
  return over(1, 'all layers', sum(lines) + HEADING_BYTES, 'merge tools');
}

export function overweightLayers(entries: readonly OperationEntry[]): readonly Overweight[] {
  const byLayer = Map.groupBy(entries, ({ layer }) => layer);
  return [...byLayer].flatMap(([layer, operations]) => {
    const tools = new Set(operations.map(({ namespace }) => namespace));
    const lines = operations.map(({ method, summary }) => bytes(method) + bytes(summary) + LINE_BYTES);
    const total = sum(lines) + sum([...tools].map((name) => bytes(name) + LINE_BYTES)) + HEADING_BYTES;
    return over(2, `layer ${layer}`, total, 'shorten the summaries of its operations');
  });
}

export function overweightSignatures(
  namespace: string,
  signatures: readonly string[],
): readonly Overweight[] {
  const advice = 'name shared shapes under $defs, or split the tool';
  return over(3, `namespace ${namespace}`, signatureBytes(signatures), advice);
}

export function overweightDetails(
  details: Readonly<Record<string, OperationDetails>>,
): readonly Overweight[] {
  return Object.entries(details).flatMap(([id, detail]) => {
    const total = bytes(JSON.stringify(detail, undefined, 2)) + HEADING_BYTES;
    return over(4, `operation ${id}`, total, 'shorten its schemas or examples');
  });
}

export function describeOverweight({ level, what, bytes, advice }: Overweight): string {
  return `level ${level}, ${what}: ${bytes} bytes, at most ${LEVEL_BYTES[level]} allowed; ${advice}`;
}

function over(
  level: Overweight['level'],
  what: string,
  bytes: number,
  advice: string,
): readonly Overweight[] {
  return bytes > LEVEL_BYTES[level] ? [{ level, what, bytes, advice }] : [];
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
