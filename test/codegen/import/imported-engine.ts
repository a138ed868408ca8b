import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRemoteBackend } from '../../../backend/remote/remote-backend.ts';
import type { Catalogue } from '../../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, LIMITS } from '../../../runtime/contract/limits.ts';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import type { Disclosure } from '../../../runtime/disclosure/disclosure.ts';
import { openEngine } from '../../../runtime/engine.ts';
import { ROOT } from '../codegen-process.ts';

/** The engine around a live server and the catalogue that was compiled from what it says of itself. */
export interface ImportedEngine {
  readonly catalogue: Catalogue;
  readonly disclosure: Disclosure;
  run(code: string): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openImportedEngine(out: string, command: string): Promise<ImportedEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'imported-'));
  const raise = (error: unknown): never => {
    throw error;
  };
  const module: { catalogue: Catalogue } = await import(pathToFileURL(join(out, 'catalogue.ts')).href);
  const backend = await openRemoteBackend({ command, version: 'test', onEvent: () => undefined });
  const engine = await openEngine({
    catalogue: module.catalogue,
    backend,
    sessionsFile: join(directory, 'sessions.sqlite'),
    auditFiles: { log: join(directory, 'audit.sqlite'), key: join(directory, 'audit.key') },
    limits: { ...DEFAULT_LIMITS, executionsPerMinute: LIMITS.executionsPerMinute.max },
    policy: () => ({ verdict: 'allow', because: 'the test may do everything' }),
    onSandboxEvent: () => undefined,
    onBug: raise,
  });
  const { signal } = new AbortController();
  return {
    catalogue: module.catalogue,
    disclosure: engine.disclosure,
    run: (code) =>
      engine.execute({ code, session: 'test', timeoutMs: LIMITS.runMs.max }, { principal: 'test', signal }),
    close: async () => {
      await engine.close();
      await backend.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** What TypeScript says of everything that was generated, as its compiler prints it. */
export function typeCheckOutput(out: string): string {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const options =
    '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --target es2024 --lib es2025 --module nodenext --allowImportingTsExtensions --verbatimModuleSyntax --erasableSyntaxOnly --pretty false --types node';
  const roots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
  const check = (file: string, more: readonly string[]): string => {
    const args = [tsc, ...options.split(' '), ...more, join(out, file)];
    return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
  };
  return check('catalogue.ts', roots) + check('athena.d.ts', ['--types', '']);
}
