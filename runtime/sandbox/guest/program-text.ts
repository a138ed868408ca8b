import type { GuestError } from '../../contract/sandbox.ts';

/** The name that programs have in stacks. */
const FILE = 'program.js';
const skillFile = (name: string): string => `skill.${name}.js`;
/** The wrapper puts one line before the program, and none of its text on the program's own lines. */
const WRAPPER_LINES = 1;
const PLACE = /\b(?:program|skill\.(?<skill>\w+))\.js:(?<line>\d+):(?<column>\d+)\)?$/;
/** SES refuses by text, and names the line in its message alone. */
const REFUSED = / rejected at program\.js:(\d+)\. \(SES_\w+\)$/;

/**
 * Wraps the body of an async function so that its value is that function. Nothing secret may stand here: a
 * program may find a way to read the text it was evaluated from.
 */
export function wrapProgram(source: string): string {
  return `(async function () {\n${source}\n})\n//# sourceURL=${FILE}`;
}

/** Wraps a skill's text so that its value is a function that makes the skill's. */
export function wrapSkill(name: string, source: string): string {
  return `(function () {\n${source}\n})\n//# sourceURL=${skillFile(name)}`;
}

/**
 * Finds where an error was made: `line:column` in the program and, behind a space, `name:line:column` where that
 * was in a skill; 1-based; what is not known is left out. Reading it can run the program's own code, so whatever
 * comes of that is contained here.
 */
export function locateError(error: Error, readStack: (error: Error) => string): string {
  try {
    // The constructor of an error's own class is where it was made, but not what went wrong.
    const making = `at new ${error.constructor.name} `;
    const frames = readStack(error).split('\n');
    const places = frames
      .filter((frame) => !frame.includes(making))
      .map((frame) => PLACE.exec(frame)?.groups)
      .filter((place) => place !== undefined);
    const [first] = places;
    const own = places.find(({ skill }) => skill === undefined);
    const inSkill = first?.skill === undefined ? '' : ` ${first.skill}:${writePlace(first)}`;
    return (own === undefined ? '' : writePlace(own)) + inSkill;
  } catch {
    return '';
  }
}

function writePlace({ line, column }: Readonly<Record<string, string>>): string {
  return `${Number(line) - WRAPPER_LINES}:${column}`;
}

/** Reads what `locateError` writes. */
export function readPlaces(places: string): Pick<GuestError, 'line' | 'column' | 'skill'> {
  const [own = '', inSkill = ''] = places.split(' ');
  const [line, column] = own.split(':').map(Number);
  const [name = '', ...numbers] = inSkill.split(':');
  const [skillLine, skillColumn] = numbers.map(Number);
  return {
    ...(line !== undefined && column !== undefined && { line, column }),
    ...(skillLine !== undefined &&
      skillColumn !== undefined && { skill: { name, line: skillLine, column: skillColumn } }),
  };
}

/** Says what is wrong with a program that cannot be evaluated: a message, and the line where it is known. */
export function explainRefusal(message: string): { readonly message: string; readonly line?: number } {
  const refused = REFUSED.exec(message);
  if (refused === null) return { message };
  return { message: message.replace(REFUSED, ' refused'), line: Number(refused[1]) - WRAPPER_LINES };
}
