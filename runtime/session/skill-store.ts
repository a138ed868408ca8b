import type { Kysely } from 'kysely';
import type { Limits } from '../contract/limits.ts';
import type { SkillText } from '../contract/program.ts';
import type { SkillOwner, SkillStore, SkillStored, StoredSkill } from '../contract/skill.ts';
import type { Attempt } from './attempt.ts';
import { forgetSkill } from './past-runs.ts';
import type { SessionTables } from './session-tables.ts';

/** The skills of all projects, on disk. */
export function createSkillStore(
  database: Kysely<SessionTables>,
  limits: Limits,
  attempt: Attempt,
): SkillStore {
  const write = async (
    transaction: Kysely<SessionTables>,
    { principal, project }: SkillOwner,
    skill: SkillText,
    checkedAgainst: string,
  ): Promise<SkillStored> => {
    const own = { principal, project };
    const rows = await transaction
      .selectFrom('skills')
      .select('name')
      .where((where) => where.and(own))
      .execute();
    const others = rows.filter(({ name }) => name !== skill.name);
    const twin = others.find(({ name }) => name.toLowerCase() === skill.name.toLowerCase());
    // Where file names disregard case, an export would write one over the other.
    if (twin !== undefined)
      return { ok: false, message: `its name differs from that of \`${twin.name}\` by case only.` };
    if (others.length >= limits.skills) {
      const limit = { name: 'skills', value: limits.skills } as const;
      const message = `the project has ${others.length} skills, which is limit skills (${limits.skills}). \`athena-code-mode skills remove <name>\` makes room.`;
      return { ok: false, message, limit };
    }
    const { name, calls, ...text } = skill;
    const { code, documentation, signature, types } = text;
    const columns = {
      ...{ code, documentation, signature, types, calls: JSON.stringify(calls) },
      ...{ saved_at: Date.now(), checked_against: checkedAgainst },
    };
    await transaction
      .insertInto('skills')
      .values({ ...own, name, ...columns })
      .onConflict((conflict) => conflict.columns(['principal', 'project', 'name']).doUpdateSet(columns))
      .execute();
    return { ok: true, replaced: others.length < rows.length };
  };
  return {
    list: async ({ principal, project }) => {
      const rows = await database
        .selectFrom('skills')
        .selectAll()
        .where((where) => where.and({ principal, project }))
        .orderBy('name')
        .execute();
      return rows.map(fromRow);
    },
    save: async (owner, skill, checkedAgainst, execution) => {
      const stored = await attempt('The skill cannot be stored', () =>
        database.transaction().execute(async (transaction) => {
          const written = await write(transaction, owner, skill, checkedAgainst);
          if (written.ok && execution !== undefined) await forgetSkill(transaction, execution);
          return written;
        }),
      );
      return stored.ok ? stored.value : { ok: false, message: stored.message };
    },
    noteCheck: async ({ principal, project }, { name, code }, checkedAgainst) => {
      await attempt('The check of a skill is not noted', () =>
        database
          .updateTable('skills')
          .set({ checked_against: checkedAgainst })
          .where((where) => where.and({ principal, project, name, code }))
          .execute(),
      );
    },
    remove: async ({ principal, project }, name) => {
      const { numDeletedRows } = await database
        .deleteFrom('skills')
        .where((where) => where.and({ principal, project, name }))
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function fromRow(row: SessionTables['skills']): StoredSkill {
  const { name, code, documentation, signature, types, saved_at, checked_against } = row;
  const text = { name, code, documentation, signature, types, calls: JSON.parse(row.calls) as string[] };
  return { ...text, savedAt: saved_at, checkedAgainst: checked_against };
}
