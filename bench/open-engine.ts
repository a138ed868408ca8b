import { join } from 'node:path';
import { openEmbeddedAthena } from '../backend/embedded/athena.ts';
import { catalogue } from '../generated/catalogue.ts';
import type { Limits } from '../runtime/contract/limits.ts';
import { type Engine, openEngine } from '../runtime/engine.ts';
import { openPolicy } from '../runtime/open-policy.ts';
import type { SandboxEvent } from '../runtime/sandbox/sandbox.ts';

export interface OpenedEngine {
  readonly engine: Engine;
  /** Ends the engine, then its backend. */
  close(): Promise<void>;
}

/**
 * Opens an engine around an embedded Athena of its own, whose programs may read and write.
 * @param directory where its files go
 */
export async function openEngineIn(
  directory: string,
  limits: Limits,
  onBug: (error: unknown) => void,
  onSandboxEvent: (event: SandboxEvent) => void = () => undefined,
): Promise<OpenedEngine> {
  const backend = await openEmbeddedAthena(join(directory, 'athena.sqlite'), onBug);
  const engine = await openEngine({
    catalogue,
    backend,
    sessionsFile: join(directory, 'sessions.sqlite'),
    auditFiles: { log: join(directory, 'audit.sqlite'), key: join(directory, 'audit.key') },
    limits,
    policy: await openPolicy(catalogue, new Set(['read', 'write'])),
    onSandboxEvent,
    onBug,
  });
  return {
    engine,
    close: async () => {
      await engine.close();
      await backend.close();
    },
  };
}
