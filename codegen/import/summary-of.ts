import type { FoundOperation } from './found-operation.ts';

/** What a line of a list holds. */
const CHARACTERS = 60;

/** What an agent chooses by: the first sentence where it is short enough, else the title, else its beginning. */
export function summaryOf({ description, title, tool, operation }: FoundOperation): string {
  const own = operation === null ? '' : `${operation} of ${tool}`;
  const sentence = firstSentence(description);
  const choices = operation === null ? [sentence, oneLine(title)] : [own];
  const fitting = choices.find((choice) => choice !== '' && choice.length <= CHARACTERS);
  return fitting ?? (shorten(sentence || own) || shorten(`Call ${oneLine(tool)}`));
}

function firstSentence(text: string): string {
  const [sentence = ''] = oneLine(text).split(/(?<=[^.\s]{2,})[.!?](?=\s|$)/);
  return sentence.trim();
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ').trim();
}

function shorten(text: string): string {
  const characters = [...text];
  if (text.length <= CHARACTERS) return text;
  const cut = characters.slice(0, CHARACTERS / 2 + 25).join('');
  const end = cut.lastIndexOf(' ');
  return `${(end > 20 ? cut.slice(0, end) : cut).slice(0, CHARACTERS - 1)}…`;
}
