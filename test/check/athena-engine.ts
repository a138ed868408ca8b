import { join } from 'node:path';
import { openEmbeddedAthena } from '../../backend/embedded/athena.ts';
import { catalogue } from '../../generated/catalogue.ts';
import { openTestEngine, raise, type TestEngine } from '../open-test-engine.ts';

/** The engine around an embedded Athena of its own. */
export function openAthenaEngine(): Promise<TestEngine> {
  return openTestEngine(catalogue, (directory) =>
    openEmbeddedAthena(join(directory, 'athena.sqlite'), raise),
  );
}
