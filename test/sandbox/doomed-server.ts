import { until } from '../await-state.ts';
import { openTestSandbox } from './harness.ts';

// Run by a test, which kills it while its program loops. It prints the worker's process id.
const { run, pids } = await openTestSandbox();
void run('while (true) {}', { timeoutMs: 30_000 });
await until(() => pids('worker-bound').length > 0);
process.stdout.write(`${pids('worker-bound')[0]}\n`);
