/** A command to start: variables to set for it, the program, its arguments. */
export type ParsedCommand =
  | {
      readonly ok: true;
      readonly env: Readonly<Record<string, string>>;
      readonly command: string;
      readonly args: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

type Words = { readonly ok: true; readonly words: readonly string[] } | Extract<ParsedCommand, { ok: false }>;

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/**
 * Reads one command line. Leading `NAME=value` words set variables, as in a shell.
 * @param line for example `TOKEN="a b" npx some-server --root '/my files'`
 */
export function parseCommand(line: string): ParsedCommand {
  const split = splitWords(line);
  if (!split.ok) return split;
  const start = split.words.findIndex((word) => !ASSIGNMENT.test(word));
  const [command, ...args] = start === -1 ? [] : split.words.slice(start);
  if (command === undefined || command === '') return { ok: false, message: 'the command is empty' };
  const env = split.words.slice(0, start).map((word) => {
    const [, name = '', value = ''] = ASSIGNMENT.exec(word) ?? [];
    return [name, value] as const;
  });
  return { ok: true, env: Object.fromEntries(env), command, args };
}

/**
 * Splits at white space outside quotes. Within single quotes everything stands for itself. Elsewhere a
 * backslash takes the meaning from a quote, a white space or a backslash, and stands for itself before anything
 * else, so that `C:\tools\server.exe` is what it looks like. Nothing is expanded: no variables, no `~`, no `*`.
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let quote: { readonly mark: string; readonly at: number } | undefined;
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    const next = line.charAt(index + 1);
    if (char === '\\' && quote?.mark !== "'" && (quote === undefined ? /[\s"'\\]/ : /["\\]/).test(next)) {
      word = (word ?? '') + next;
      index++;
    } else if (quote !== undefined) {
      if (char === quote.mark) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = { mark: char, at: index };
      word ??= '';
    } else if (!/\s/.test(char)) {
      word = (word ?? '') + char;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (quote !== undefined) {
    return { ok: false, message: `the ${quote.mark} at character ${quote.at + 1} has no counterpart` };
  }
  return { ok: true, words: word === undefined ? words : [...words, word] };
}
