import type { Domain } from '../handler.ts';
import { recordExecutionFeedback } from './feedback.ts';
import { recordGitCommit } from './git-commit.ts';
import { getTimeline, recallEvents, recallEventsBySession } from './recall.ts';
import { batchRecordEvents, recordEvent } from './record.ts';
import { EPISODIC_MIGRATIONS } from './tables.ts';

/** The operations that `memory_tools` offers under the same names. */
const SHARED_READS = {
  recall_events: recallEvents,
  get_timeline: getTimeline,
  recall_events_by_session: recallEventsBySession,
};
const SHARED_WRITES = { record_event: recordEvent, batch_record_events: batchRecordEvents };

/** What happened, when, in which session, and how it ended. */
export const episodicDomain = {
  migrations: EPISODIC_MIGRATIONS,
  reads: { episodic_tools: SHARED_READS, memory_tools: SHARED_READS },
  writes: {
    episodic_tools: {
      ...SHARED_WRITES,
      record_execution_feedback: recordExecutionFeedback,
      record_git_commit: recordGitCommit,
    },
    memory_tools: SHARED_WRITES,
  },
} as const satisfies Domain;
