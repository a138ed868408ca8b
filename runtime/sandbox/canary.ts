import { probeProcess, probeRealm } from './canary-probes.ts';
import { ConfinementFailed } from './confinement-failed.ts';
import type { Finding } from './event.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';
import { inspectProcess, type ProcessFacts } from './inspect-process.ts';
import { limitProcess } from './process-limits.ts';
import { findWorkerPid, killWorker, spawnWorker } from './spawn-worker.ts';
import type { WorkerKind } from './worker.ts';

/** What the canary came back with. */
export interface CanaryReport {
  readonly findings: readonly Finding[];
  /** Why the limits of a process cannot be lowered here, if they cannot. */
  readonly limitFailure: string | undefined;
  /** What the system says of the worker, with its limits in force. */
  readonly facts: ProcessFacts;
}

/** The powers that Node's permission model must deny: without it there is no second layer at all. */
const MUST_BE_DENIED: ReadonlySet<string> = new Set([
  'read a file',
  'write a file',
  'start a process',
  'start a thread',
  'use the network',
  'open a database file',
]);
const CANARY_MS = 10_000;
const CAP_BYTES = 1024 * 1024;

/**
 * Starts a worker as any other and tries, from within it, what workers must not be able to do.
 * @param guest the text of the guest
 * @throws {ConfinementFailed} when no worker can be started at all
 */
export async function runCanary(kind: WorkerKind, guest: string): Promise<CanaryReport> {
  const child = spawnWorker(kind.confinement, kind.roots);
  const report = Promise.withResolvers<readonly Finding[]>();
  const decoder = new FrameDecoder(CAP_BYTES);
  const fail = (why: string): void =>
    report.reject(new ConfinementFailed(`No sandbox worker can be started here: ${why}.`));
  const timer = setTimeout(() => fail(`no answer within ${CANARY_MS} ms`), CANARY_MS);
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk).frames) {
      const { findings } = JSON.parse(Buffer.from(frame).toString());
      if (findings !== undefined) report.resolve(findings);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.on('error', (error) => {
    stderr += error.message;
  });
  child.on('close', (code) => fail(`exit code ${code}: ${stderr.trim().slice(-1_000)}`));
  child.stdin.write(encodeFrame(canaryScript(guest)));
  try {
    const findings = await report.promise;
    const pid = findWorkerPid(child);
    const limitFailure = await limitProcess(kind.confinement, pid, kind.limits);
    return { findings, limitFailure, facts: inspectProcess(pid) };
  } finally {
    clearTimeout(timer);
    killWorker(child);
  }
}

/** What the canary found that no server may start with. */
export function findBreaches(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ layer, power, denied }) => layer === 'process' && !denied && MUST_BE_DENIED.has(power),
  );
}

/** The guest's text between the two probes. They run in the same script, so they see the same realm. */
function canaryScript(guest: string): string {
  return `
const canary = { findings: [], write: require('node:fs').writeSync, Buffer };
const report = (layer, power, denied, detail) => canary.findings.push({ layer, power, denied, detail });
(${probeProcess})(report, () => {
  (() => { ${guest}\n })();
  (${probeRealm})(report);
  const text = canary.Buffer.from(JSON.stringify({ findings: canary.findings }));
  const header = canary.Buffer.alloc(4);
  header.writeUInt32LE(text.length);
  canary.write(1, canary.Buffer.concat([header, text]));
});`;
}
