import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedAthena } from '../../../backend/embedded/athena.ts';
import { describeBackend } from '../contract.ts';

describeBackend('embedded Athena', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'athena-contract-'));
  const backend = await openEmbeddedAthena(join(folder, 'athena.db'), (error) => assert.fail(String(error)));
  const sample = {
    tool: 'memory_tools',
    operation: 'list_memories',
    params: { limit: 5, sort_by: 'recent' },
  };
  return { backend, sample, dispose: () => rm(folder, { recursive: true }) };
});
