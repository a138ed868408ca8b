import { openCheck } from '../check/check.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { Limits } from '../contract/limits.ts';
import type { SkillOwner } from '../contract/skill.ts';
import type { DataDirectory } from '../data-directory.ts';
import { openSessionStore } from '../session/session-store.ts';
import { createSkills } from '../skills.ts';
import type { SkillDesk } from './skills.ts';

/** @throws {DatabaseUnusable} */
export async function openSkillDesk(
  catalogue: Catalogue,
  directory: DataDirectory,
  limits: Limits,
  owner: SkillOwner,
  onBug: (error: unknown) => void,
): Promise<SkillDesk> {
  const { name: rootName, operations, schemaHash } = catalogue;
  const sessions = await openSessionStore(directory.sessionsFile, limits, onBug);
  const check = await openCheck({
    rootName,
    operations,
    typings: await catalogue.typings(),
    limits,
    cacheDirectory: directory.cacheDirectory,
  });
  const { skills: store } = sessions;
  return {
    skills: createSkills({ check, store, project: owner.project, schemaHash, onBug }),
    store,
    owner,
    schemaHash,
    limits,
    close: async () => {
      await check.close();
      await sessions.close();
    },
  };
}
