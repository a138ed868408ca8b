import { PROVENANCE_FILE } from '../../codegen/provenance.ts';
import { writeOutputs } from '../../codegen/write.ts';

/** Writes one content after the other to a folder until it is killed, or once: `node write-forever.ts <folder> [once]` */
const [, , folder = '', once] = process.argv;

/** Many files that all say the same, of which a third is there in every other run only. */
function contentOf(run: string): ReadonlyMap<string, string> {
  const count = run === 'even' ? 60 : 90;
  const paths = Array.from({ length: count }, (_, i) => `part${i % 7}/file${i}.txt`);
  return new Map([...paths, PROVENANCE_FILE].map((path) => [path, run]));
}

process.stdout.write('started\n');
do {
  await writeOutputs(folder, contentOf('even'));
  if (once === undefined) await writeOutputs(folder, contentOf('odd'));
} while (once === undefined);
