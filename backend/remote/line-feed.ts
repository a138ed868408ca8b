import type { Readable } from 'node:stream';

const LINE_CHARACTERS = 1_000;
const TAIL_LINES = 10;
/** At most so many lines are reported in one window. */
const WINDOW_LINES = 100;
const WINDOW_MS = 10_000;

/** What a backend writes to its stderr. */
export interface LineFeed {
  /** The last lines, for the message when it fails to start. */
  tail(): readonly string[];
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
}

/** Reads a stream to its end and reports its lines. A line without an end is never held beyond its cap. */
export function readLines(stream: Readable, onLine: (line: string) => void): LineFeed {
  let last: readonly string[] = [];
  let line = '';
  const report = capLines(onLine);
  const flush = (): void => {
    last = [...last, line].slice(-TAIL_LINES);
    report(line);
    line = '';
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    for (const [index, part] of chunk.split('\n').entries()) {
      if (index > 0) flush();
      line = (line + part).slice(0, LINE_CHARACTERS);
    }
  });
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => {
      if (line !== '') flush();
      resolve();
    });
  });
  return { tail: () => last, ended };
}

/** Passes on lines of at most 1,000 characters, at most 100 in ten seconds; the rest is dropped, and said so. */
export function capLines(onLine: (line: string) => void): (line: string) => void {
  let windowStart = 0;
  let inWindow = 0;
  return (line) => {
    const now = performance.now();
    if (now - windowStart > WINDOW_MS) {
      windowStart = now;
      inWindow = 0;
    }
    inWindow++;
    if (inWindow <= WINDOW_LINES) onLine(line.slice(0, LINE_CHARACTERS));
    if (inWindow === WINDOW_LINES) onLine('… further lines are dropped for a while');
  };
}
