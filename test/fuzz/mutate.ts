import ts from 'typescript';
import type { Chance } from './chance.ts';

/** Characters and texts that parsers disagree about. */
const ODD: readonly string[] = [
  '\u2028',
  '\u2029',
  '\u0085',
  '\ufeff',
  '\u200d',
  '\u200b',
  '\u202e',
  '\u2066',
  '\u00a0',
  '\u00ad',
  '\u180e',
  '\u0000',
  '\ud800',
  '\udc00',
  '\r',
  '\t',
  '\v',
  '😀',
  'é',
  '\u0301',
  '<!--',
  '-->',
  '//',
  '/*',
  '*/',
  '#!',
  '`',
  '${',
  '}',
  '\\',
  '\\u0061',
  '\\u{62}',
  "'",
  '"',
  '/',
  '=>',
  '...',
  '?.',
  '!',
  '?',
  ':',
  ';',
  ',',
  '<',
  '>',
  '<T>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '@',
  '#x',
  ' as any',
  ' satisfies any',
  ' as const',
  '!.x',
  ': any',
  '?: any',
  '<any>',
  'async ',
  'await ',
  'type ',
  'declare ',
  'abstract ',
  'static ',
  'export ',
  'export default ',
  'import ',
  'import(',
  'return ',
  'yield ',
  'enum E {}',
  'eval(',
  '// @ts-ignore\n',
  '\n',
  '\n\n',
  ' /* */ ',
  ' // \n',
  '++',
  '--',
  '**',
  '??',
  '??=',
  '>>',
  '1_',
  '0x',
  '1n',
  '.',
  'new ',
  'in ',
  'of ',
  'let ',
  'this',
  'super',
  'null',
  '```',
  'process',
  'arguments',
  '__proto__',
];

/** Changes a text a little, in one to three places: tokens lost, doubled, moved or swapped, odd text put between. */
export function mutate(text: string, chance: Chance, other: string): string {
  let mutated = text;
  for (let left = chance.pick([1, 1, 1, 2, 2, 3]); left > 0; left -= 1)
    mutated = mutateOnce(mutated, chance, other);
  return mutated;
}

function mutateOnce(text: string, chance: Chance, other: string): string {
  const tokens = tokenize(text);
  if (tokens.length === 0) return chance.pick(ODD);
  const at = chance.below(tokens.length);
  const [token = ''] = tokens.slice(at);
  const somewhere = chance.below(tokens.length);
  switch (chance.below(9)) {
    case 0:
      return tokens.toSpliced(at, 1).join('');
    case 1:
      return tokens.toSpliced(at, 0, token).join('');
    case 2:
      return tokens
        .with(at, tokens[somewhere] ?? '')
        .with(somewhere, token)
        .join('');
    case 3:
      return tokens.with(at, chance.pick(tokenize(other).concat(ODD))).join('');
    case 4:
      return tokens.toSpliced(at, chance.below(6)).join('');
    case 5: {
      const place = chance.below(text.length + 1);
      return text.slice(0, place) + chance.pick(ODD) + text.slice(place);
    }
    case 6:
      return tokens.with(at, chance.happens(0.5) ? '\n' : '').join('');
    case 7:
      return tokens.toSpliced(at, 0, ...tokenize(other).slice(0, chance.below(12))).join('');
    default:
      return tokens.toSpliced(at, 0, chance.pick(ODD)).join('');
  }
}

/** Everything, spaces and comments too. A template's pieces come out as they may. */
function tokenize(text: string): readonly string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  return tokens;
}
