import { release } from 'node:os';
import type { ConfinementLevel } from '../contract/confinement.ts';
import type { Limits } from '../contract/limits.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import { openSandbox } from '../sandbox/sandbox.ts';
import { alignColumns } from './table.ts';

type Write = (text: string) => void;

/**
 * Starts a real worker, has it try to break out, and prints what holds on this machine.
 * @param asJson one JSON object instead of a table
 * @throws {ConfinementFailed} when no program may be run here, or not at `requiredLevel`
 */
export async function printDiagnosis(
  limits: Limits,
  requiredLevel: ConfinementLevel | undefined,
  asJson: boolean,
  write: Write,
): Promise<void> {
  const sandbox = await openSandbox({
    roots: ['athena'],
    limits: { ...limits, workers: 1 },
    onEvent: () => undefined,
    ...(requiredLevel === undefined ? {} : { requiredLevel }),
  });
  await sandbox.close();
  const { level, layers } = sandbox;
  const machine = { node: process.version, system: `${process.platform} ${release()} ${process.arch}` };
  if (asJson) write(`${JSON.stringify({ ...machine, level, layers }, null, 2)}\n`);
  else write(`Node ${machine.node} on ${machine.system}\n\n${describeLayers(sandbox)}`);
}

function describeLayers({ level, layers }: Sandbox): string {
  const rows = [
    ['level', 'layer', 'holds', 'what a worker showed'],
    ...layers.map((layer) => [layer.level, layer.name, layer.isHeld ? 'yes' : 'NO', layer.evidence]),
  ];
  return `${alignColumns(rows).join('\n')}\n\nconfinement level: ${level ?? 'none'}\n`;
}
