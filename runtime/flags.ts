import { Command, Option } from 'commander';
import envPaths from 'env-paths';
import packageJson from '../package.json' with { type: 'json' };
import { CONFINEMENT_LEVELS, type ConfinementLevel } from './contract/confinement.ts';
import { LOG_LEVELS } from './log.ts';

/** What the command line says. */
export interface Flags {
  readonly dataDir: string;
  readonly project: string;
  readonly backend?: string;
  readonly also: readonly string[];
  readonly plainHttp: readonly string[];
  readonly allow: string;
  readonly policy?: string;
  readonly personalData: 'tokens' | 'plain';
  readonly requireConfinement?: ConfinementLevel;
  readonly limit: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** The command line. Every flag can also be given through the environment variable that `--help` names. */
export function createCommand(): Command {
  return new Command('athena-code-mode')
    .description(
      'MCP server over stdio: agents write a TypeScript program instead of calling tools one by one.',
    )
    .version(packageJson.version)
    .addOption(
      new Option('--data-dir <dir>', 'where memory and sessions are kept; created when missing')
        .env('ATHENA_DATA_DIR')
        .default(envPaths('athena-code-mode', { suffix: '' }).data),
    )
    .addOption(
      new Option('--project <name>', 'whose skills programs call: each project has its own')
        .env('ATHENA_PROJECT')
        .default('default'),
    )
    .addOption(
      new Option(
        '--backend <command>',
        'an MCP server to call, by its command or address, instead of the embedded Athena',
      ).env('ATHENA_BACKEND'),
    )
    .addOption(
      new Option(
        '--also <folder=command>',
        'the folder that codegen compiled for a further backend, and its command or address; may be repeated',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--plain-http <host>', 'a host that backends may be at without encryption; may be repeated')
        .argParser(collect)
        .default([], 'this machine only'),
    )
    .addOption(
      new Option('--allow <effects>', 'what programs may do: read, write, delete, admin')
        .env('ATHENA_ALLOW')
        .default('read,write,delete'),
    )
    .addOption(
      new Option('--policy <file>', 'rules that allow, ask or deny, instead of --allow; see docs/policy.md')
        .env('ATHENA_POLICY')
        .conflicts('allow'),
    )
    .addOption(
      new Option('--personal-data <how>', 'how personal data leaves in replies: as tokens, or plain')
        .env('ATHENA_PERSONAL_DATA')
        .choices(['tokens', 'plain'])
        .default('tokens'),
    )
    .addOption(
      new Option('--require-confinement <level>', 'do not start where workers are confined less')
        .env('ATHENA_REQUIRE_CONFINEMENT')
        .choices(CONFINEMENT_LEVELS),
    )
    .addOption(
      new Option('--limit <name=value>', 'sets a limit, such as runMs=10000; may be repeated')
        .argParser(collect)
        .default([], 'see docs/limits.md'),
    )
    .addOption(
      new Option('--log-level <level>', 'what to log on standard error')
        .env('ATHENA_LOG_LEVEL')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .allowExcessArguments(false);
}
