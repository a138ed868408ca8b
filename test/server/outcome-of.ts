import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from '../await-state.ts';

/** What became of the only run of a session, as the server's history tells it; waits for the run's end. */
export async function outcomeOf(dataDirectory: string, session: string): Promise<string> {
  const file = join(dataDirectory, 'sessions.sqlite');
  const sessions = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  const select = sessions.prepare('select outcome from executions where session = ?');
  const outcome = (): string => String(select.get(session)?.outcome ?? 'running');
  try {
    await until(() => outcome() !== 'running');
    return outcome();
  } finally {
    sessions.close();
  }
}
