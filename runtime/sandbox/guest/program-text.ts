/** The name that programs have in stacks. */
const FILE = 'program.js';
/** The wrapper puts one line before the program, and none of its text on the program's own lines. */
const WRAPPER_LINES = 1;
const PLACE = /\bprogram\.js:(\d+):(\d+)\)?$/;
/** SES refuses by text, and names the line in its message alone. */
const REFUSED = / rejected at program\.js:(\d+)\. \(SES_\w+\)$/;

/**
 * Wraps the body of an async function so that its value is that function. Nothing secret may stand here: a
 * program may find a way to read the text it was evaluated from.
 */
export function wrapProgram(source: string): string {
  return `(async function () {\n${source}\n})\n//# sourceURL=${FILE}`;
}

/**
 * Finds where in the program an error was made: `line:column`, 1-based, or nothing. Reading it
 * can run the program's own code, so whatever comes of that is contained here.
 */
export function locateError(error: Error, readStack: (error: Error) => string): string {
  try {
    // The constructor of an error's own class is where it was made, but not what went wrong.
    const making = `at new ${error.constructor.name} `;
    const frames = readStack(error).split('\n');
    const place = PLACE.exec(frames.find((frame) => PLACE.test(frame) && !frame.includes(making)) ?? '');
    return place === null ? '' : `${Number(place[1]) - WRAPPER_LINES}:${place[2]}`;
  } catch {
    return '';
  }
}

/** Says what is wrong with a program that cannot be evaluated: a message, and the line where it is known. */
export function explainRefusal(message: string): { readonly message: string; readonly line?: number } {
  const refused = REFUSED.exec(message);
  if (refused === null) return { message };
  return { message: message.replace(REFUSED, ' refused'), line: Number(refused[1]) - WRAPPER_LINES };
}
