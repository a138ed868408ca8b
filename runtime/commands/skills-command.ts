import type { Command } from 'commander';
import { exportSkills, importSkills } from './skill-files.ts';
import { printSkills, removeSkill, type SkillDesk } from './skills.ts';

/**
 * Opens the desk, does the work there and closes it again; the exit code is 1 when the work answers false.
 * @param makes whether the data directory is made when it is missing
 */
export type AtDesk = (work: (desk: SkillDesk) => Promise<boolean>, makes?: boolean) => Promise<void>;

/**
 * `skills list`, `export`, `import` and `remove`.
 * @param write prints for the person at the command line
 */
export function addSkillsCommand(command: Command, atDesk: AtDesk, write: (text: string) => void): void {
  const skills = command
    .command('skills')
    .description('the functions that programs call as skills.<name>; --project says whose');
  skills
    .command('list')
    .description('show the skills, each checked: signature, what it does, what it can reach')
    .option('--json', 'as one JSON array')
    .action((own: { readonly json?: boolean }) =>
      atDesk(async (desk) => {
        await printSkills(desk, own.json === true, write);
        return true;
      }),
    );
  skills
    .command('export')
    .description('write one TypeScript file a skill')
    .argument('<folder>', 'made when it is missing')
    .action((folder: string) =>
      atDesk(async (desk) => {
        await exportSkills(desk, folder, write);
        return true;
      }),
    );
  skills
    .command('import')
    .description(
      'check the TypeScript files of a folder and store them as skills; the exit code is 1 when one is refused',
    )
    .argument('<folder>')
    .action((folder: string) => atDesk((desk) => importSkills(desk, folder, write), true));
  skills
    .command('remove')
    .description('remove a skill; the exit code is 1 when there is none of that name')
    .argument('<name>')
    .action((name: string) => atDesk((desk) => removeSkill(desk, name, write)));
}
