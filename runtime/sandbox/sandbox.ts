import type { ConfinementLayer, ConfinementLevel } from '../contract/confinement.ts';
import type { Limits } from '../contract/limits.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import { findBreaches, runCanary } from './canary.ts';
import {
  type Confinement,
  type ConfinementChoice,
  DEATH_WITH_SERVER,
  probeConfinement,
} from './confinement.ts';
import { ConfinementFailed } from './confinement-failed.ts';
import type { Finding, SandboxEvent } from './event.ts';
import { encodeFrame } from './frames.ts';
import { readGuest } from './guest-bundle.ts';
import { judgeConfinement, levelOf, missingFor } from './judge-confinement.ts';
import { Pool } from './pool.ts';
import type { WorkerKind } from './worker.ts';

export type { ConfinementChoice } from './confinement.ts';
export type { Finding, SandboxEvent } from './event.ts';

export interface SandboxOptions {
  readonly limits: Limits;
  /** The names that programs reach operations by: `athena`, then those of further backends. */
  readonly roots: readonly string[];
  /** For the log: workers' lives, and what the canary found. */
  readonly onEvent: (event: SandboxEvent) => void;
  /** The sandbox is not opened below it. */
  readonly requiredLevel?: ConfinementLevel;
  /** For tests: layers to leave out. */
  readonly confinement?: ConfinementChoice;
}

/**
 * Opens the sandbox: finds out how far processes can be confined here, sends a canary into a worker to try
 * it, and keeps a worker ready.
 * @throws {ConfinementFailed} when Node's permission model does not hold, or no worker can be started
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { limits, roots, onEvent, confinement: choice = {} } = options;
  const [guest, confinement] = await Promise.all([
    choice.guest ?? readGuest(),
    probeConfinement(limits, choice),
  ]);
  const kind: WorkerKind = { confinement, guest: encodeFrame(guest), roots, limits, onEvent };
  // Beside the canary, so that both are there at once; no program runs before the canary is back.
  const pool = new Pool(kind);
  if (choice.guest !== undefined || choice.permissions === false) return offer(pool, confinement);
  try {
    const { findings, limitFailure, facts } = await runCanary(kind, guest);
    onEvent({ kind: 'canary', findings });
    assertConfined(findings);
    const layers = judgeConfinement(findings, facts, confinement.layers.includes(DEATH_WITH_SERVER));
    if (limitFailure === undefined) {
      assertLevel(options.requiredLevel, layers);
      return offer(pool, confinement, layers);
    }
  } catch (error) {
    await pool.close();
    throw error;
  }
  // The tool is there but not allowed to work: go on without it, and say so.
  await pool.close();
  return openSandbox({ ...options, confinement: { ...choice, processLimits: false } });
}

function offer(pool: Pool, { layers }: Confinement, seen: readonly ConfinementLayer[] = []): Sandbox {
  return {
    run: (request) => pool.run(request),
    confinement: layers,
    level: levelOf(seen),
    layers: seen,
    close: () => pool.close(),
  };
}

function assertLevel(required: ConfinementLevel | undefined, layers: readonly ConfinementLayer[]): void {
  if (required === undefined) return;
  const missing = missingFor(required, layers).map(({ name, evidence }) => `${name} (${evidence})`);
  if (missing.length === 0) return;
  throw new ConfinementFailed(
    `Confinement level ${required} is required, and this machine offers ${levelOf(layers) ?? 'none'}; missing: ${missing.join(', ')}. \`athena-code-mode doctor\` shows all layers.`,
  );
}

function assertConfined(findings: readonly Finding[]): void {
  const breaches = findBreaches(findings).map(({ power, detail }) => `${power} (${detail})`);
  if (breaches.length === 0) return;
  throw new ConfinementFailed(
    `The sandbox does not hold on this machine: Node's permission model let a worker ${breaches.join(', ')}. Node 26 or later is needed; this is ${process.version}.`,
  );
}
