import type { HandlerFor } from '../handler.ts';
import { assertEvent } from './assert-event.ts';
import { EPISODIC_TOOL } from './record.ts';
import { storeEvent } from './store-event.ts';
import type { EpisodicTables } from './tables.ts';

export const recordGitCommit: HandlerFor<'episodic_tools', 'record_git_commit', EpisodicTables> = async (
  params,
  context,
) => {
  const { commit_message: content, event_id: cause, ...details } = params;
  const hash = params.commit_hash.toLowerCase();
  const { database } = context;
  const known = await database
    .selectFrom('git_commits')
    .select('event_id')
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (known !== undefined)
    return { tool: EPISODIC_TOOL, event_id: known.event_id, commit_hash: hash, is_new: false };
  if (cause !== undefined) await assertEvent(database, cause);
  const { id } = await storeEvent(
    {
      content,
      event_type: 'commit',
      outcome: 'success',
      context: { ...details, commit_hash: hash, ...(cause === undefined ? {} : { cause_event_id: cause }) },
    },
    context,
  );
  await database.insertInto('git_commits').values({ hash, event_id: id }).execute();
  return { tool: EPISODIC_TOOL, event_id: id, commit_hash: hash, is_new: true };
};
