import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { CheckOptions } from './check-protocol.ts';

/** The entry of the thread that checks programs: the compile cache first, then everything that it speeds up. */
const options = workerData as CheckOptions;
if (options.cacheDirectory !== undefined) enableCompileCache(options.cacheDirectory);
const { serveChecks } = await import('./serve-checks.ts');
await serveChecks(options);
