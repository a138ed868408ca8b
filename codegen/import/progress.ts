const QUIET_MS = 1_000;

/** Says on stderr what a run waits for, once it takes longer than a second. */
export interface Progress {
  readonly show: (what: string) => void;
  close(): void;
}

export function openProgress(): Progress {
  let latest = '';
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (latest !== '') process.stderr.write(`${latest}\n`);
  }, QUIET_MS);
  timer.unref();
  return {
    show: (what) => {
      latest = what;
      if (isLate) process.stderr.write(`${what}\n`);
    },
    close: () => clearTimeout(timer),
  };
}
