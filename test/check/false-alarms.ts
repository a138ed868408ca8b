/** Prints how many programs of the corpus the check refuses, and which: `npx node test/check/false-alarms.ts`. */
import { openAthenaCheck } from './athena-check.ts';
import { PROGRAMS } from './corpus-programs.ts';
import { describe } from './fixture.ts';

const check = await openAthenaCheck();
let refused = 0;
for (const { name, code } of PROGRAMS) {
  const result = await check.check(code);
  if (result.ok) continue;
  refused += 1;
  process.stdout.write(`${name}: ${result.errors.map(describe).join('; ')}\n`);
}
process.stdout.write(`refused ${refused} of ${PROGRAMS.length} programs\n`);
await check.close();
process.exitCode = refused === 0 ? 0 : 1;
