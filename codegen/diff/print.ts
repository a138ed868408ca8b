import { styleText } from 'node:util';
import type { Change } from './change.ts';
import { KINDS, type Kind, RULES } from './rules.ts';

/** What was compared, and what was found. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
}

/** The version of the JSON that is printed: raised when a member changes its meaning or goes. */
export const JSON_VERSION = 1;

const COLOURS = { breaking: 'red', additive: 'green', documentation: 'blue' } as const;

/** For people: grouped by kind and operation. @param stream decides whether it is in colour */
export function printText(comparison: Comparison, stream: NodeJS.WriteStream): string {
  const { before, after, changes } = comparison;
  const styled = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  const blocks = KINDS.flatMap((kind) => {
    const own = changesOf(changes, kind);
    if (own.length === 0) return [];
    const groups = [...Map.groupBy(own, ({ operation }) => operation)].map(([operation, inside]) => {
      const lines = inside.map((change) => {
        const place = change.pointer === '' ? '' : `${change.pointer}  `;
        const values = valuesOf(change, (text) => text);
        return `    ${place}${styled('dim', change.rule)}\n      ${RULES[change.rule].what}${values}\n      → ${RULES[change.rule].advice}`;
      });
      return [`  ${styled('bold', operation)}`, ...lines].join('\n');
    });
    return [`${styled([COLOURS[kind], 'bold'], `${kind} (${own.length})`)}\n${groups.join('\n')}\n`];
  });
  const counts = KINDS.map((kind) => `${changesOf(changes, kind).length} ${kind}`).join(', ');
  const last = changes.length === 0 ? 'No changes' : `Changes: ${counts}`;
  return `${[...blocks, `${last} between ${before} and ${after}.`].join('\n')}\n`;
}

const HEADINGS = { breaking: 'Breaking', additive: 'Added', documentation: 'Documentation' } as const;

/** A fragment of a changelog. */
export function printMarkdown({ changes }: Comparison): string {
  const sections = KINDS.flatMap((kind) => {
    const own = changesOf(changes, kind);
    if (own.length === 0) return [];
    const items = own.map((change) => {
      const place = change.pointer === '' ? '' : ` ${code(change.pointer)}`;
      const { what, advice } = RULES[change.rule];
      return `- ${code(change.operation)}${place}: ${what}${valuesOf(change, code)} ${advice}`.trimEnd();
    });
    return [`### ${HEADINGS[kind]}\n\n${items.join('\n')}\n`];
  });
  return sections.length === 0 ? 'No changes.\n' : sections.join('\n');
}

/** For programs. The members are described in docs/codegen.md. */
export function printJson({ before, after, changes }: Comparison): string {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, changesOf(changes, kind).length]));
  const rows = changes.map((change) => {
    const { kind, what, advice } = RULES[change.rule];
    return { kind, ...change, what, advice };
  });
  const whole = {
    version: JSON_VERSION,
    before,
    after,
    worst: worstOf(changes) ?? null,
    counts,
    changes: rows,
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/** The kind of the worst change; undefined when there is none. */
export function worstOf(changes: readonly Change[]): Kind | undefined {
  return KINDS.find((kind) => changesOf(changes, kind).length > 0);
}

function changesOf(changes: readonly Change[], kind: Kind): readonly Change[] {
  return changes.filter(({ rule }) => RULES[rule].kind === kind);
}

/** ` old → new`, `new`, or what is gone. */
function valuesOf({ before, after }: Change, show: (text: string) => string): string {
  if (before === undefined && after === undefined) return '';
  if (before === undefined) return ` Now: ${show(after ?? '')}.`;
  return after === undefined ? ` Before: ${show(before)}.` : ` ${show(before)} → ${show(after)}.`;
}

/** Text as code of Markdown, whatever backticks it holds. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
