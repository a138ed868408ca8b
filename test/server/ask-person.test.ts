import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { findPerson } from '../../runtime/server/ask-person.ts';

for (const [what, capabilities, isThere] of [
  ['no elicitation', {}, false],
  ['elicitation by an address alone', { elicitation: { url: {} } }, false],
  ['elicitation, as clients said it before there were kinds', { elicitation: {} }, true],
  ['elicitation by a form', { elicitation: { form: {} } }, true],
] as const satisfies readonly (readonly [string, ClientCapabilities, boolean])[]) {
  test(`behind a client with ${what} there is ${isThere ? 'a person' : 'nobody'} to be asked`, async (t) => {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: {} });
    const client = new Client({ name: 'test', version: '1' }, { capabilities });
    const [one, other] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(one), client.connect(other)]);
    t.after(() => client.close());
    assert.equal(findPerson(server) !== undefined, isThere);
  });
}
