import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../runtime/contract/backend.ts';
import type { Catalogue } from '../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, LIMITS } from '../runtime/contract/limits.ts';
import type { Outcome } from '../runtime/contract/outcome.ts';
import type { Disclosure } from '../runtime/disclosure/disclosure.ts';
import { openEngine } from '../runtime/engine.ts';

/** The whole engine around a backend, where every effect is allowed. */
export interface TestEngine {
  readonly catalogue: Catalogue;
  readonly disclosure: Disclosure;
  run(code: string, session?: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** Throws what nobody expects. */
export function raise(error: unknown): never {
  throw error;
}

/** @param openBackend opens it in a directory that goes when the engine is closed */
export async function openTestEngine(
  catalogue: Catalogue,
  openBackend: (directory: string) => Promise<Backend>,
): Promise<TestEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-'));
  const backend = await openBackend(directory);
  const engine = await openEngine({
    catalogue,
    backend,
    sessionsFile: join(directory, 'sessions.sqlite'),
    auditFiles: { log: join(directory, 'audit.sqlite'), key: join(directory, 'audit.key') },
    limits: { ...DEFAULT_LIMITS, executionsPerMinute: LIMITS.executionsPerMinute.max },
    policy: () => ({ verdict: 'allow', because: 'the test may do everything' }),
    onSandboxEvent: () => undefined,
    onBug: raise,
  });
  const { signal } = new AbortController();
  const timeoutMs = LIMITS.runMs.max;
  return {
    catalogue,
    disclosure: engine.disclosure,
    run: (code, session = 'test') =>
      engine.execute({ code, session, timeoutMs }, { principal: 'test', signal }),
    close: async () => {
      await engine.close();
      await backend.close();
      await rm(directory, { recursive: true });
    },
  };
}
