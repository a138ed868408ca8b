import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedAthena } from '../../backend/embedded/athena.ts';
import { catalogue } from '../../generated/catalogue.ts';
import { DEFAULT_LIMITS, LIMITS } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { openEngine } from '../../runtime/engine.ts';

/** The whole engine around an embedded Athena of its own, where every effect is allowed. */
export interface AthenaEngine {
  run(code: string, session?: string): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openAthenaEngine(): Promise<AthenaEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'athena-corpus-'));
  const raise = (error: unknown): never => {
    throw error;
  };
  const backend = await openEmbeddedAthena(join(directory, 'athena.sqlite'), raise);
  const engine = await openEngine({
    catalogue,
    backend,
    sessionsFile: join(directory, 'sessions.sqlite'),
    auditFiles: { log: join(directory, 'audit.sqlite'), key: join(directory, 'audit.key') },
    limits: { ...DEFAULT_LIMITS, executionsPerMinute: LIMITS.executionsPerMinute.max },
    policy: () => ({ verdict: 'allow', because: 'the corpus may do everything' }),
    onSandboxEvent: () => undefined,
    onBug: raise,
  });
  const { signal } = new AbortController();
  const timeoutMs = LIMITS.runMs.max;
  return {
    run: (code, session = 'corpus') =>
      engine.execute({ code, session, timeoutMs }, { principal: 'corpus', signal }),
    close: async () => {
      await engine.close();
      await backend.close();
      await rm(directory, { recursive: true });
    },
  };
}
