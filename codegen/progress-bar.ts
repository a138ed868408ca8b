import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';

const CELLS = 30;

/** Shows how far something is: a bar on a terminal, and a line at its start in a pipe. */
export interface ProgressBar {
  /** @param steps how many there will be; nothing is shown for none */
  readonly start: (label: string, steps: number) => void;
  readonly step: () => void;
  /** Leaves nothing of the bar on a terminal. */
  readonly end: () => void;
}

export function openProgressBar(stream: WriteStream): ProgressBar {
  let label = '';
  let steps = 0;
  let done = 0;
  const show = (): void => {
    const cells = Math.round((CELLS * done) / steps);
    cursorTo(stream, 0);
    stream.write(`${label} ${'█'.repeat(cells)}${'░'.repeat(CELLS - cells)} ${done}/${steps}`);
  };
  return {
    start: (what, count) => {
      [label, steps, done] = [what, count, 0];
      if (steps === 0) return;
      if (stream.isTTY) show();
      else stream.write(`${label}\n`);
    },
    step: () => {
      done += 1;
      if (stream.isTTY) show();
    },
    end: () => {
      if (!stream.isTTY || steps === 0) return;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}
