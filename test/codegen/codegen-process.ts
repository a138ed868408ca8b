import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

export const ROOT = resolve(import.meta.dirname, '../..');
export const LIBRARY = join(import.meta.dirname, 'fixtures/library');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the script `codegen` runs. */
export const CODEGEN = join(ROOT, 'codegen/start.js');

/** Runs the compiler as people do. */
export function runCodegen(args: readonly string[], cwd: string = ROOT): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CODEGEN, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'codegen-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Type checks files with TypeScript 7, strict and alone. Returns `file:line` with the message, per error. */
export function typeCheck(folder: string, files: Readonly<Record<string, string>>): readonly TypeFault[] {
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return name;
  });
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--lib',
    'es2025',
    '--types',
    '',
    '--pretty',
    'false',
  ];
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, ...paths], {
    cwd: folder,
    encoding: 'utf8',
  });
  const faults = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (.*)$/gm)].map(
    ([, file, line, message]) => ({
      file: file ?? '',
      line: Number(line),
      message: message ?? '',
    }),
  );
  if (status !== 0 && faults.length === 0) throw new Error(`tsc failed: ${stdout}`);
  return faults;
}

export interface TypeFault {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}
