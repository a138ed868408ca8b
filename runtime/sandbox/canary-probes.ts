import type { Finding } from './event.ts';

type Report = (layer: Finding['layer'], power: string, denied: boolean, detail: string) => void;

/**
 * Runs in a worker before its realm is emptied, as code would that had escaped from it, and tries what the
 * process layer must deny. It travels as text: it may use nothing of this module.
 */
export function probeProcess(report: Report, then: () => void): void {
  const { process } = globalThis;
  const attempt = (power: string, action: () => string): void => {
    try {
      report('process', power, false, action());
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      report(
        'process',
        power,
        code === 'ERR_ACCESS_DENIED' || code === 'ERR_DLOPEN_DISABLED',
        code ?? message,
      );
    }
  };
  const succeed = (action: () => unknown): string => {
    action();
    return 'succeeded';
  };
  const load = process.getBuiltinModule.bind(process);
  attempt('read a file', () => succeed(() => load('node:fs').readFileSync(process.execPath, { flag: 'r' })));
  attempt('write a file', () => succeed(() => load('node:fs').writeFileSync('/nonexistent/canary', '')));
  attempt('start a process', () =>
    succeed(() => load('node:child_process').spawnSync('/nonexistent/canary')),
  );
  attempt('start a thread', () =>
    succeed(() => new (load('node:worker_threads').Worker)('', { eval: true })),
  );
  attempt('load an addon', () => succeed(() => process.dlopen({ exports: {} }, '/nonexistent/canary')));
  attempt('open the inspector', () => succeed(() => load('node:inspector').open(0)));
  // The permission model does not cover SQLite, so the module itself must be gone.
  if (load('node:sqlite') === undefined) report('process', 'open a database file', true, 'no such module');
  else report('process', 'open a database file', false, 'the module is there');
  // In a process namespace of its own, a worker has no parent that it could name.
  if (process.ppid === 0) report('process', 'signal the server', true, 'the server is not in sight');
  else attempt('signal the server', () => succeed(() => process.kill(process.ppid, 0)));
  const socket = load('node:net').connect({ host: '127.0.0.1', port: 1 });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    report('process', 'use the network', error.code === 'ERR_ACCESS_DENIED', error.code ?? error.message);
    then();
  });
}

/** Runs in a worker's emptied realm, and looks for a way back to Node. It travels as text. */
export function probeRealm(report: Report): void {
  const names = [
    'process',
    'require',
    'module',
    'fetch',
    'WebAssembly',
    'Buffer',
    'setTimeout',
    'setImmediate',
  ];
  for (const name of [
    ...names,
    'queueMicrotask',
    'console',
    'performance',
    'SharedArrayBuffer',
    'Compartment',
  ]) {
    const found = Reflect.get(globalThis, name);
    report('realm', name, found === undefined, typeof found);
  }
  const evaluators: Readonly<Record<string, () => unknown>> = {
    'Function of a function': () => Reflect.construct((() => {}).constructor, ['return 1']),
    'Function of an async function': () => Reflect.construct((async () => {}).constructor, ['return 1']),
    'a new global': () => Reflect.set(globalThis, 'canary', 1) || Reflect.apply(String, undefined, []),
  };
  for (const [name, action] of Object.entries(evaluators)) {
    try {
      const made = action();
      report('realm', name, made === '', typeof made);
    } catch (error) {
      report('realm', name, true, String(error));
    }
  }
}
