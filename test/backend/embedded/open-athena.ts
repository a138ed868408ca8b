import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openEmbeddedAthena } from '../../../backend/embedded/athena.ts';
import type { Backend, BackendAnswer } from '../../../runtime/contract/backend.ts';

/** The embedded Athena on a file of its own, called as the bridge calls it. */
export interface OpenAthena {
  readonly file: string;
  /** Checks the parameters, fills in their defaults, calls, and checks the result, all against the schema. */
  call(operation: string, params?: object, session?: string): Promise<any>;
  /** The message with which the operation refuses. */
  refusal(operation: string, params?: object): Promise<string>;
  /** Closes the file and opens it again, as a restart does. */
  reopen(): Promise<void>;
}

/** Opens an Athena that is closed, and its folder deleted, after the test. A bug fails the test. */
export async function openAthena(t: TestContext): Promise<OpenAthena> {
  const folder = await mkdtemp(join(tmpdir(), 'athena-'));
  const file = join(folder, 'athena.db');
  const bugs: unknown[] = [];
  const open = () => openEmbeddedAthena(file, (error) => bugs.push(error));
  let backend: Backend = await open();
  t.after(async () => {
    await backend.close();
    await rm(folder, { recursive: true });
  });
  const send = async (id: string, given: object, session = 'session-1'): Promise<BackendAnswer> => {
    const { tool, operation, schema } = await findOperation(id);
    const params = structuredClone(given) as never;
    if (!schema.params(params))
      throw new TypeError(`${id} parameters: ${JSON.stringify(schema.params.errors)}`);
    const context = { principal: 'local', session, execution: 'execution-1' };
    const answer = await backend.call({
      tool,
      operation,
      params,
      context,
      signal: new AbortController().signal,
    });
    if (bugs.length > 0) throw bugs[0];
    return answer;
  };
  return {
    file,
    call: async (id, params = {}, session) => {
      const answer = await send(id, params, session);
      if (!answer.ok) throw new Error(`${id} refused: ${answer.message}`);
      const value = JSON.parse(JSON.stringify(answer.value));
      const { result } = (await findOperation(id)).schema;
      if (!result(value)) throw new TypeError(`${id} result: ${JSON.stringify(result.errors)}`);
      return value;
    },
    refusal: async (id, params = {}) => {
      const answer = await send(id, params);
      if (answer.ok) throw new Error(`${id} was carried out: ${JSON.stringify(answer.value)}`);
      return answer.message;
    },
    reopen: async () => {
      await backend.close();
      backend = await open();
    },
  };
}

interface Operation {
  readonly tool: string;
  readonly operation: string;
  readonly effect: string;
  readonly schema: { readonly params: ValidateFunction; readonly result: ValidateFunction };
}

const operations = new Map<string, Operation>();

/** The operations of a tool, by id: `memory.recall` is written `memory_tools.recall` here. */
export async function operationsOf(tool: string): Promise<ReadonlyMap<string, Operation>> {
  const text = await readFile(join(import.meta.dirname, `../../../schemas/${tool}.json`), 'utf8');
  const file = JSON.parse(text);
  const ajv = new Ajv2020({ useDefaults: true, strict: false });
  formats.default(ajv);
  return new Map(
    file.operations.map(({ operation, effect, parameters, result }: any) => [
      `${tool}.${operation}`,
      {
        tool,
        operation,
        effect,
        schema: {
          params: ajv.compile({ ...parameters, $defs: file.$defs }),
          result: ajv.compile({ ...result, $defs: file.$defs }),
        },
      },
    ]),
  );
}

async function findOperation(id: string): Promise<Operation> {
  const [tool] = id.split('.');
  if (!operations.has(id))
    for (const [key, value] of await operationsOf(tool ?? '')) operations.set(key, value);
  const operation = operations.get(id);
  if (operation === undefined) throw new TypeError(`no operation ${id} in the schemas`);
  return operation;
}
