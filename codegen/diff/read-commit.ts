import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { OTHER_FILES, type SourceFile, textOf } from '../sources.ts';

/** The full name of a commit; undefined when the repository around `folder` has none such. */
export async function resolveCommit(ref: string, folder: string): Promise<string | undefined> {
  const { code, stdout } = await git(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ]);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/**
 * Reads the operation files that a folder held at a commit.
 * @param ref what the commit was asked for as
 * @throws when git fails, or when the commit has no such folder
 */
export async function readCommit(
  commit: string,
  ref: string,
  folder: string,
): Promise<readonly SourceFile[]> {
  const listed = await git(folder, ['ls-tree', '-z', commit, './']);
  if (listed.code !== 0) throw new Error(`git cannot list ${folder} at ${ref}: ${listed.stderr.trim()}`);
  const files = listed.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, oid = '', name = ''] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
      return name.endsWith('.json') && !OTHER_FILES.includes(name) ? [{ oid, name }] : [];
    });
  if (files.length === 0)
    throw new Error(`${ref} has no operation files in ${folder}; --schemas names another folder.`);
  const texts = await readBlobs(
    folder,
    files.map(({ oid }) => oid),
  );
  return files.map(({ name }, i) => ({ name, text: textOf(texts[i] ?? Buffer.of(), folder, name) }));
}

/** The contents of files by their object names, in one process. */
async function readBlobs(folder: string, oids: readonly string[]): Promise<readonly Buffer[]> {
  const { stdout } = await git(folder, ['cat-file', '--batch'], `${oids.join('\n')}\n`);
  const texts: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    // `<object> blob <size>`, a line break, the content, a line break.
    const end = stdout.indexOf('\n', at);
    const size = Number(stdout.subarray(at, end).toString('utf8').split(' ')[2]);
    texts.push(stdout.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

async function git(folder: string, args: readonly string[], input = '') {
  const child = spawn('git', ['-C', folder, ...args], { stdio: 'pipe' });
  // Git may end before it has read anything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`git cannot be run: ${error.message}`)));
    child.on('close', resolve);
  });
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
