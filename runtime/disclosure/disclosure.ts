import type { OperationEntry } from '../contract/catalogue.ts';
import { SKILLS_ROOT } from '../contract/skill.ts';
import {
  DISCLOSURE_BYTES,
  type Disclosed,
  type DisclosureOptions,
  type DiscoverRequest,
  type Level,
  type NotShown,
  type Shown,
} from './disclosed.ts';
import { createPathFinder, type Place } from './find-path.ts';
import { bytesOf, fitSections } from './fit-text.ts';
import { count, writtenAs } from './operation-line.ts';
import { buildSearchIndex, type SearchIndex } from './search-index.ts';
import { createSkillSearch, skillNamed } from './search-skills.ts';
import { showNamespaceDetails, showOperation, showOperationDetails } from './show-details.ts';
import { showHits } from './show-hits.ts';
import { showList } from './show-list.ts';
import { showOverview } from './show-overview.ts';
import { showNamespaceSignatures } from './show-signatures.ts';
import { NONE_SAVED, showSkill, showSkills } from './show-skills.ts';

export type { Disclosed, DiscoverRequest } from './disclosed.ts';

export interface Disclosure {
  /** What the tool `discover` and the resources of the four levels show. */
  /** @param principal whose skills are shown; left out: nobody's */
  discover(request: DiscoverRequest, principal?: string): Promise<Disclosed>;
}

/** Skills that the answer to a query shows. */
const MOST_SKILLS = 3;

/** The four levels of a catalogue and the search over it; the index is built at the first query. */
export function createDisclosure(options: DisclosureOptions): Disclosure {
  const finder = createPathFinder(options.catalogue, options.rootName);
  let index: Promise<SearchIndex> | undefined;
  const searchSkills = createSkillSearch();
  const { skills } = options;
  const textsOf = async (principal: string | undefined) =>
    principal === undefined ? [] : ((await skills?.texts(principal)) ?? []);
  const search = async (query: string, principal: string | undefined): Promise<Shown> => {
    index ??= buildSearchIndex(options.catalogue, finder);
    const found = searchSkills(query, await textsOf(principal)).slice(0, MOST_SKILLS);
    const names = found.map(({ name }) => name);
    const listed = (principal && names.length > 0 && (await skills?.list(principal, names))) || [];
    const best = listed.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
    return showHits(query, (await index).search(query, options.serves), best, options);
  };
  /** Undefined where the path leads to nothing of the skills. */
  const showSkillsAt = async (
    path: string,
    level: Level | undefined,
    principal: string | undefined,
  ): Promise<Disclosed | undefined> => {
    const name = skillNamed(path);
    if (name === undefined || principal === undefined || skills === undefined) return undefined;
    if (name === '') {
      if (level === 1) return invalid(NO_LEVEL_1);
      const operations = options.catalogue.operations.filter(({ namespace }) => namespace === SKILLS_ROOT);
      const listed = await skills.list(principal);
      const namespace = operations[0] && writtenAs(SKILLS_ROOT, operations[0], options.rootName);
      if (listed.length > 0 || namespace === undefined) return showSkills(listed, level ?? 2, namespace);
      return addRemark(NONE_SAVED, await showPlace(path, finder.find(path, level), level, options));
    }
    const [skill] = await skills.list(principal, [name]);
    if (skill === undefined) return undefined;
    if (level === 1 || level === 2)
      return invalid('A skill has level 3, its signature, and level 4, its text too.');
    return showSkill(skill, level ?? 3);
  };
  return {
    discover: async ({ query, path, level }, principal) => {
      if (query !== undefined) {
        return path === undefined && level === undefined
          ? search(query, principal)
          : invalid('Give either `query`, or `path` with or without `level`.');
      }
      if (path === undefined) {
        return (level ?? 1) === 1
          ? showOverview(options, (await textsOf(principal)).length)
          : invalid(`Level ${level} needs a \`path\`: a layer, a namespace or an operation.`);
      }
      const shown = await showSkillsAt(path, level, principal);
      return shown ?? showPlace(path, finder.find(path, level), level, options);
    },
  };
}

/** Tells before the operations of the same name that there are no skills. */
function addRemark(remark: string, shown: Disclosed): Disclosed {
  const text = shown.ok ? `${remark}\n\n${shown.text}` : '';
  return shown.ok && bytesOf(text) <= DISCLOSURE_BYTES[shown.level] ? { ...shown, text } : shown;
}

const NO_LEVEL_1 = 'Level 1 shows all layers and takes no `path`; a path has the levels 2 to 4.';

async function showPlace(
  path: string,
  place: Place,
  level: Level | undefined,
  options: DisclosureOptions,
): Promise<Disclosed> {
  if (place.kind !== 'unknown' && place.kind !== 'root' && level === 1) {
    return invalid(NO_LEVEL_1);
  }
  switch (place.kind) {
    case 'root':
      return (level ?? 1) === 1
        ? showOverview(options)
        : invalid(`Level ${level} needs a \`path\`: a layer, a namespace or an operation.`);
    case 'layer':
      return (level ?? 2) === 2
        ? showList(`${place.layer} layer`, place.operations, options)
        : showLayer(place, level === 4 ? 4 : 3, options);
    case 'namespace':
      if (level === 2) return showList(`${place.namespace} namespace`, place.operations, options);
      return level === 4
        ? showNamespaceDetails(place.operations, options)
        : showNamespaceSignatures(place.operations, options);
    case 'operation':
      if (level === 2) {
        return invalid('An operation has level 3, its signature, and level 4, everything about it.');
      }
      return level === 4
        ? showOperationDetails(place.operation, options)
        : showOperation(place.operation, options);
    case 'unknown':
      return unknown(path, place.near);
    default:
      return place satisfies never;
  }
}

/** Levels 3 and 4 of a layer: all of its namespaces if they fit whole, else the paths to ask for. */
async function showLayer(
  { layer, operations }: Extract<Place, { kind: 'layer' }>,
  level: Extract<Level, 3 | 4>,
  options: DisclosureOptions,
): Promise<Shown> {
  const groups = [...Map.groupBy(operations, ({ namespace }) => namespace).values()];
  const show = level === 4 ? showNamespaceDetails : showNamespaceSignatures;
  const parts = await Promise.all(groups.map((inside) => show(inside, options)));
  const text = parts.map((part) => part.text).join('\n\n');
  const named = parts.flatMap((part) => part.operations);
  if (named.length === operations.length && bytesOf(text) <= DISCLOSURE_BYTES[level]) {
    return { ok: true, level, text, operations: named };
  }
  return { ok: true, level, text: listNamespaces(layer, groups, level, options.rootName), operations: [] };
}

function listNamespaces(
  layer: string,
  groups: readonly (readonly OperationEntry[])[],
  level: Extract<Level, 3 | 4>,
  rootName: string,
): string {
  const items = groups.map((inside) => {
    const path = writtenAs(inside[0]?.namespace ?? '', inside[0], rootName);
    return `- discover({path: "${path}", level: ${level}}): ${count(inside.length, 'operation')}`;
  });
  const more = (left: number): string => `… ${count(left, 'more namespace')}: search with discover({query})`;
  const head = `# ${layer} layer: level ${level} of all of it does not fit; ask for a namespace`;
  return fitSections(head, [{ heading: '', items, more }], '', DISCLOSURE_BYTES[level], () => '').text;
}

function invalid(message: string): NotShown {
  return { ok: false, code: 'INVALID_REQUEST', message };
}

function unknown(path: string, near: readonly string[]): NotShown {
  const hint = near.length === 0 ? '' : ` Near: ${near.join(', ')}.`;
  const message = `There is no layer, namespace or operation ${JSON.stringify(path.slice(0, 100))}.${hint} Search with \`query\`, or browse from discover({}).`;
  return { ok: false, code: 'UNKNOWN_PATH', message };
}
