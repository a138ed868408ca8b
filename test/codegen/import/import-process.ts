import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { CODEGEN, type Finished, ROOT, runCodegen, temporaryFolder } from '../codegen-process.ts';

/** Where an import of a test goes: nothing of it lies in the repository. */
export interface Workshop {
  readonly schemas: string;
  readonly out: string;
  /** Runs `codegen import <name> …` into the folder. */
  importFrom(source: readonly string[], more?: readonly string[]): Promise<Finished>;
  compile(): Finished;
  read(file: string): any;
  write(file: string, content: unknown): void;
}

export function openWorkshop(t: TestContext, name: string): Workshop {
  const folder = temporaryFolder(t);
  const schemas = join(folder, 'schemas');
  const out = join(folder, 'generated');
  mkdirSync(out);
  // What is compiled are modules, wherever they lie.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return {
    schemas,
    out,
    importFrom: (source, more = []) => runImport([name, ...source, '--schemas', schemas, ...more]),
    compile: () => runCodegen(['--schemas', schemas, '--out', out]),
    read: (file) => JSON.parse(readFileSync(join(schemas, file), 'utf8')),
    write: (file, content) =>
      writeFileSync(join(schemas, file), `${JSON.stringify(content, undefined, 2)}\n`),
  };
}

/** Imports a backend and compiles it: both must succeed. */
export async function openCompiled(
  t: TestContext,
  name: string,
  source: readonly string[],
): Promise<Workshop> {
  const workshop = openWorkshop(t, name);
  const imported = await workshop.importFrom(source);
  assert.equal(imported.code, 0, imported.stderr);
  const compiled = workshop.compile();
  assert.equal(compiled.code, 0, compiled.stderr);
  return workshop;
}

/** Runs it without blocking this process, which may itself be the server that is asked. */
export async function runImport(args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [CODEGEN, 'import', ...args], { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((settle) => child.on('close', settle));
  return { code, stdout, stderr };
}

/** The command line of a fixture server of this folder. */
export function fixture(name: string, ...args: readonly string[]): string {
  const path = resolve(import.meta.dirname, 'fixtures', name);
  return [process.execPath, path, ...args].map((word) => `'${word}'`).join(' ');
}

/** The command line of a published server. */
export function published(name: string, ...args: readonly string[]): string {
  const path = join(ROOT, `node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);
  return [process.execPath, path, ...args].map((word) => `'${word}'`).join(' ');
}
