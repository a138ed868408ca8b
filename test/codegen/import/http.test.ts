import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkshop } from './import-process.ts';

const server = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/http-server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let url = '';
before(async () => {
  const [chunk] = await once(server.stdout, 'data');
  url = `http://127.0.0.1:${String(chunk).trim()}/mcp`;
});
after(() => server.kill());

test('a server over streamable HTTP is imported; of a header only the name is kept', async (t) => {
  const workshop = openWorkshop(t, 'far');
  const source = ['--url', `${url}?key=hidden`, '--header', 'Authorization: Bearer let-me-in'];
  const { code, stdout, stderr } = await workshop.importFrom(source);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\+ tools\.weather$/m);
  const notes = workshop.read('backend.json');
  assert.deepEqual(notes, {
    name: 'far',
    importedFrom: { url, headers: ['Authorization'] },
    server: { name: 'by-http', version: '2' },
    resources: [{ name: 'guide', uri: 'doc://guide', description: 'How to ask' }],
  });
  assert.equal(workshop.compile().code, 0);
});

test('a server that does not let us in is said to have done so', async (t) => {
  const workshop = openWorkshop(t, 'far');
  const { code, stderr } = await workshop.importFrom(['--url', url]);
  assert.equal(code, 2);
  assert.match(stderr, /could not be read as an MCP server: .*(401|Unauthorized)/is);
});
