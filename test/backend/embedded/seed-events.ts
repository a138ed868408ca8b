import type { Backend } from '../../../runtime/contract/backend.ts';
import { backendCall } from '../contract.ts';

const WORDS =
  'deploy checkout billing search cluster migration timeout rollback cache queue index token'.split(' ');
const WORDS_EACH = 60;
const AT_ONCE = 100;

/** Stores events with long texts that have much in common: to consolidate them takes a while. */
export async function seedEvents(backend: Backend, count: number): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const events = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => ({
      event_type: `${WORDS[at % 5]}`,
      outcome: 'success',
      content: Array.from(
        { length: WORDS_EACH },
        (_, word) => `${WORDS[(first + at + word) % WORDS.length]}${(first + at * 7 + word) % 90}`,
      ).join(' '),
    }));
    const answer = await backend.call(
      backendCall('episodic_tools', 'batch_record_events', { events, project_id: 1 }),
    );
    if (!answer.ok) throw new Error(answer.message);
  }
}
