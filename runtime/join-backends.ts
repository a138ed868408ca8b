import type { Backend, BackendCall, WireOperation } from './contract/backend.ts';
import {
  type Catalogue,
  GLOBALS_HEADING,
  type OperationAdapter,
  type OperationDetails,
  type OperationEntry,
  type OperationId,
} from './contract/catalogue.ts';
import { StartError } from './start-error.ts';

/** A further catalogue, under its root. */
interface Joined {
  readonly catalogue: Catalogue;
  readonly operations: readonly OperationEntry[];
  /** Renames an entry, or what else has an entry's fields. */
  readonly rename: <Entry extends OperationEntry>(entry: Entry) => Entry;
  readonly idOf: (id: OperationId) => OperationId;
}

function createJoined(catalogue: Catalogue): Joined {
  const root = catalogue.name;
  const idOf = (id: OperationId): OperationId => `${root}.${id}`;
  const rename: Joined['rename'] = (entry) => ({
    ...entry,
    root,
    id: idOf(entry.id),
    namespace: `${root}.${entry.namespace}`,
    tool: `${root}:${entry.tool}`,
    ...(entry.aliasOf !== undefined && { aliasOf: idOf(entry.aliasOf) }),
  });
  return { catalogue, operations: catalogue.operations.map(rename), rename, idOf };
}

/**
 * Several catalogues as one. The first keeps its names; what the others have is known by their roots: operation
 * `tools.echo` of `everything` is `everything.tools.echo`, its tool `everything:echo`.
 * @throws when the names of two differ by case at most
 */
export function joinCatalogues(main: Catalogue, further: readonly Catalogue[]): Catalogue {
  if (further.length === 0) return main;
  const others = new Map(further.map((catalogue) => [catalogue.name, createJoined(catalogue)]));
  // Variables of the environment may disregard case, and one backend must not get another's credentials.
  const distinct = new Set([main, ...further].map(({ name }) => name.toLowerCase()));
  if (distinct.size <= further.length) {
    const names = [main, ...further].map(({ name }) => name).join(', ');
    throw new StartError(
      'INVALID_SETTING',
      `Backends must have names of their own, and these are called ${names}.`,
    );
  }
  const all = [...others.values()];
  /** Asks the catalogue whose namespace it is, and gives its answer the names that are known outside. */
  const ask = async <Answer>(
    namespace: string,
    askOne: (catalogue: Catalogue, namespace: string) => Promise<Answer | undefined>,
    rename: (answer: Answer, by: Joined) => Answer,
  ): Promise<Answer | undefined> => {
    const [root = '', own] = namespace.split('.');
    const other = others.get(root);
    if (own === undefined || other === undefined) return await askOne(main, namespace);
    const answer = await askOne(other.catalogue, own);
    return answer === undefined ? undefined : rename(answer, other);
  };
  return {
    name: main.name,
    schemaHash: [main, ...all.map(({ catalogue }) => catalogue)]
      .map(({ schemaHash }) => schemaHash)
      .join('+'),
    generatorVersion: main.generatorVersion,
    operations: [...main.operations, ...all.flatMap(({ operations }) => operations)],
    tree: {
      layers: [
        ...main.tree.layers,
        ...all.flatMap(({ catalogue: { name, tree } }) =>
          tree.layers.map(({ layer, tools }) => ({
            layer,
            tools: tools.map((tool) => ({
              ...tool,
              namespace: `${name}.${tool.namespace}`,
              tool: `${name}:${tool.tool}`,
            })),
          })),
        ),
      ],
    },
    signatures: (namespace) => ask(namespace, (catalogue, own) => catalogue.signatures(own), renameKeys),
    details: (namespace) =>
      ask(
        namespace,
        (catalogue, own) => catalogue.details(own),
        (details, by) =>
          renameKeys(
            mapValues(details, (one: OperationDetails) => ({ ...one, related: one.related.map(by.idOf) })),
            by,
          ),
      ),
    searchDocuments: async () => {
      const documents = await Promise.all(
        all.map(async ({ catalogue, idOf }) =>
          (await catalogue.searchDocuments()).map((document) => ({ ...document, id: idOf(document.id) })),
        ),
      );
      return [...(await main.searchDocuments()), ...documents.flat()];
    },
    adapters: (namespace) =>
      ask(
        namespace,
        (catalogue, own) => catalogue.adapters(own),
        (adapters, by) => mapValues(adapters, (adapter: OperationAdapter) => by.rename(adapter)),
      ),
    typings: async () => {
      const [whole, ...further] = await Promise.all(
        [main, ...all.map(({ catalogue }) => catalogue)].map((one) => one.typings()),
      );
      // The globals that all programs have stand once.
      const own = further.map((typings) => typings.split(GLOBALS_HEADING)[0] ?? '');
      return [...own, whole].join('\n');
    },
  };
}

/**
 * Several backends as one: the tools of all but the first are known as `joinCatalogues` names them.
 * @param others by their catalogues' names
 */
export function joinBackends(main: Backend, others: ReadonlyMap<string, Backend>): Backend {
  if (others.size === 0) return main;
  const backends = [main, ...others.values()];
  const find = ({ tool }: WireOperation): { readonly backend: Backend; readonly tool: string } => {
    const colon = tool.indexOf(':');
    const other = colon === -1 ? undefined : others.get(tool.slice(0, colon));
    return other === undefined ? { backend: main, tool } : { backend: other, tool: tool.slice(colon + 1) };
  };
  return {
    name: backends.map(({ name }) => name).join(', '),
    serves: (operation) => {
      const { backend, tool } = find(operation);
      return backend.serves({ ...operation, tool });
    },
    call: async (call: BackendCall) => {
      const { backend, tool } = find(call);
      return await backend.call({ ...call, tool });
    },
    keepsKeys: (operation) => {
      const { backend, tool } = find(operation);
      return backend.keepsKeys?.({ ...operation, tool }) === true;
    },
    close: async () => void (await Promise.all(backends.map((backend) => backend.close()))),
  };
}

function renameKeys<Value>(
  values: Readonly<Record<OperationId, Value>>,
  { idOf }: Pick<Joined, 'idOf'>,
): Readonly<Record<OperationId, Value>> {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [idOf(id as OperationId), value]));
}

function mapValues<Key extends string, Value>(
  values: Readonly<Record<Key, Value>>,
  change: (value: Value) => Value,
): Readonly<Record<Key, Value>> {
  return Object.fromEntries(
    Object.entries<Value>(values).map(([key, value]) => [key, change(value)]),
  ) as Record<Key, Value>;
}
