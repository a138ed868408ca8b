import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SkillText } from '../contract/program.ts';
import { SKILLS_ROOT, type StoredSkill, skillNameFault } from '../contract/skill.ts';
import { makeDirectory } from '../data-directory.ts';
import { StartError } from '../start-error.ts';
import type { SkillDesk } from './skills.ts';

type Write = (text: string) => void;

const ENDING = '.ts';
const DECLARATIONS = `${SKILLS_ROOT}.d.ts`;

/**
 * Writes one file a skill, and what declares `skills` for those that call others.
 * @param folder made when it is missing; files of the same names are replaced
 * @throws {StartError} when the folder cannot be written
 */
export async function exportSkills(
  { skills, owner }: SkillDesk,
  folder: string,
  write: Write,
): Promise<void> {
  // A name that could lead out of the folder cannot have been saved; the file of the database is not trusted so far.
  const all = (await skills.texts(owner.principal)).filter(({ name }) => skillNameFault(name) === undefined);
  try {
    makeDirectory(resolve(folder), 0o777);
    for (const { name, code } of all) {
      await replaceFile(folder, `${name}${ENDING}`, code);
      write(`${join(folder, `${name}${ENDING}`)}\n`);
    }
    if (all.some(({ calls }) => calls.length > 0))
      await replaceFile(folder, DECLARATIONS, declareSkills(all));
  } catch (error) {
    throw unusable(folder, error);
  }
  if (all.length === 0) write(`Project ${owner.project} has no skills.\n`);
}

/** Beside its place first, and then there at once: a link of that name is replaced, and not followed. */
async function replaceFile(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `.${name}.${randomUUID()}`);
  await writeFile(draft, text, { flag: 'wx' });
  await rename(draft, join(folder, name));
}

function declareSkills(all: readonly StoredSkill[]): string {
  const members = all.map(({ name }) => `  ${name}: typeof import('./${name}.js').${name};\n`);
  return `// Declares the skills of this folder for those that call others: see athena.d.ts.\ninterface AthenaSkills {\n${members.join('')}}\n`;
}

/**
 * Stores the skills of a folder, each in the place of one of the same name. What the check refuses is not stored.
 * @returns whether all were stored
 * @throws {StartError} when the folder cannot be read
 */
export async function importSkills(desk: SkillDesk, folder: string, write: Write): Promise<boolean> {
  const files = await listFiles(folder);
  if (files.length === 0) write(`${folder} has no ${ENDING} files.\n`);
  const texts: SkillText[] = [];
  const refused = new Map<string, string>();
  for (const file of files) {
    const read = await readSkillFile(desk, folder, file);
    if (read.ok) texts.push(read.text);
    else refused.set(file, read.reason);
  }
  const judged = await desk.skills.judge(texts, desk.owner.principal);
  const stored = new Map<string, string>();
  for (const [at, text] of texts.entries()) {
    const file = `${text.name}${ENDING}`;
    const one = judged[at];
    if (one?.ok === false) refused.set(file, one.broken.reason);
    else if (one !== undefined) {
      const saved = await desk.store.save(desk.owner, one.skill, desk.schemaHash);
      if (saved.ok) stored.set(file, saved.replaced ? 'replaced' : 'saved');
      else refused.set(file, `SKILL_NOT_SAVED: ${saved.message}`);
    }
  }
  for (const file of files)
    write(`${file}: ${stored.get(file) ?? `not saved: ${refused.get(file) ?? 'no skill'}`}\n`);
  return refused.size === 0;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(ENDING) && !name.endsWith('.d.ts')).toSorted();
  } catch (error) {
    throw unusable(folder, error);
  }
}

async function readSkillFile(
  { skills, owner, limits }: SkillDesk,
  folder: string,
  file: string,
): ReturnType<SkillDesk['skills']['read']> {
  const path = join(folder, file);
  try {
    const { size } = await stat(path);
    if (size > limits.codeBytes)
      return {
        ok: false,
        reason: `CODE_TOO_LARGE: the file has ${size} bytes, more than limit codeBytes (${limits.codeBytes}).`,
      };
    const code = await readFile(path, 'utf8');
    const read = await skills.read(file.slice(0, -ENDING.length), code, owner.principal);
    // Judged as the file has it, so that lines are the file's own.
    return read.ok ? { ok: true, text: { ...read.text, code } } : read;
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function unusable(folder: string, error: unknown): StartError {
  const why = error instanceof Error ? error.message : String(error);
  return new StartError('INVALID_SETTING', `The folder ${folder} cannot be used: ${why}.`, error);
}
