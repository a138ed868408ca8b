import { existsSync } from 'node:fs';
import type { AuditFiles } from '../audit/audit-log.ts';
import { type AuditHead, readAudit, verifyAudit } from '../audit/verify-audit.ts';
import { StartError } from '../start-error.ts';

type Write = (text: string) => void;

/**
 * Holds the audit log against its hashes and prints what it finds.
 * @param noted a head that an earlier call printed, `<number>:<hash>`
 * @returns whether the log is whole
 * @throws {StartError} when there is no log, or `noted` is no head
 */
export async function printVerification(
  files: AuditFiles,
  noted: string | undefined,
  write: Write,
): Promise<boolean> {
  assertThere(files);
  const { entries, head, faults } = await verifyAudit(
    files,
    noted === undefined ? undefined : parseHead(noted),
  );
  for (const fault of faults) write(`${fault}\n`);
  if (faults.length > 0) {
    write(`${files.log} is not whole.\n`);
    return false;
  }
  write(`${files.log} is whole: ${entries} entries.\n`);
  if (head !== undefined) {
    write(`head ${head.seq}:${head.hash}\n`);
    write('Note the head elsewhere: --head then proves that nothing up to it was written anew.\n');
  }
  return true;
}

/**
 * Prints entries, oldest first, one JSON object a line.
 * @param only an execution's id; all when left out
 */
export async function printAudit(files: AuditFiles, only: string | undefined, write: Write): Promise<void> {
  assertThere(files);
  for await (const { seq, entry } of readAudit(files)) {
    const fields = JSON.parse(entry);
    if (only === undefined || fields.execution === only) write(`${JSON.stringify({ seq, ...fields })}\n`);
  }
}

function assertThere({ log, key }: AuditFiles): void {
  for (const file of [log, key]) {
    if (existsSync(file)) continue;
    throw new StartError(
      'DATA_DIR_UNUSABLE',
      `There is no audit log: ${file} is missing. Name the data directory with --data-dir or ATHENA_DATA_DIR.`,
    );
  }
}

function parseHead(text: string): AuditHead {
  const [, seq = '', hash = ''] = /^(\d+):([\da-f]{64})$/.exec(text) ?? [];
  if (hash !== '') return { seq: Number(seq), hash };
  throw new StartError(
    'INVALID_SETTING',
    `A head is <number>:<hash> as audit verify prints it, not ${JSON.stringify(text)}.`,
  );
}
