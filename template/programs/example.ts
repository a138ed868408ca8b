/** Stores what was decided, and tells what is already known about it. */
export default async () => {
  const { memories } = await athena.memory.recall({ query: 'database decision', k: 3 });
  const { memory_id, is_new } = await athena.memory.remember({
    content: 'We chose SQLite as the default database: one file, no server.',
    memory_type: 'decision',
    tags: ['database'],
  });
  await session.set('decision', memory_id);
  console.log(is_new ? 'stored' : 'known already');
  return {
    memory_id,
    before: memories.map(({ content, usefulness }) => ({ content, usefulness })),
  };
};
