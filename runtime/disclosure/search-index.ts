import MiniSearch from 'minisearch';
import type { Catalogue, OperationEntry, OperationId, SearchDocument } from '../contract/catalogue.ts';
import type { PathFinder } from './find-path.ts';
import { createThesaurus } from './synonyms.ts';
import { createTermFinder, type FindOptions, type TermFinder } from './term-scores.ts';
import { termOf, wordsOf } from './words.ts';

/** How much a word says about an operation, by where it stands. */
const FIELD_WEIGHTS = { name: 2, summary: 3, tags: 3, description: 1.5, parameters: 0.7 } as const;
const FIELDS = Object.keys(FIELD_WEIGHTS);

/** What a match counts that is not the word itself. */
const SYNONYM_WEIGHT = 0.6;
const PREFIX_WEIGHT = 0.5;
const TYPO_WEIGHT = 0.5;
/** Shortest last word that may be the beginning of one, and shortest word that may hold a typo. */
const PREFIX_LENGTH = 3;
const TYPO_LENGTH = 5;
/** Share of its score that an operation keeps when the backend does not carry it out. */
const NOT_SERVED_FACTOR = 0.7;
/** What scores below this share of the best is not shown: it only shares a common word with the query. */
const RELEVANT_SHARE = 0.15;
/** A question wants to know something: what changes data keeps this share of its score. */
const QUESTION = /^\s*(?:who|what|which|where|why|how|is|are|was|were|did|does|do)\b/i;
const CHANGE_FACTOR = 0.8;
/** Share of its target's score that another name of it gets at most: it must not take the place of something else. */
const ALIAS_FACTOR = 0.6;

/** Share of its score that an operation keeps which is on its way out. */
const DEPRECATED_FACTOR = 0.5;

export interface Hit {
  readonly operation: OperationEntry;
  readonly score: number;
}

export interface SearchIndex {
  /** Best first. Operations whose exact name the query holds come before all others. */
  search(query: string, serves: (operation: OperationEntry) => boolean): readonly Hit[];
}

/** Scores by places in the catalogue; 0 for those that do not meet the query. */
type Scores = Float64Array;

/** What can be found by its words. */
export type NamedDocument = Omit<SearchDocument, 'id'> & { readonly name: string };

/**
 * Reads every document once. Undefined ones keep their places and meet nothing.
 * @returns what scores them by their places
 */
export function indexWords(documents: readonly (NamedDocument | undefined)[]): (query: string) => Scores {
  const synonymsOf = createThesaurus(termOf);
  const find = createTermFinder(indexDocuments(documents));
  return (query) => scoreWords(conceptsOf(query, synonymsOf), find, documents.length);
}

/** Reads every search document once. */
export async function buildSearchIndex(catalogue: Catalogue, finder: PathFinder): Promise<SearchIndex> {
  const { operations } = catalogue;
  const documents = new Map(
    (await catalogue.searchDocuments()).map((document) => [document.id, { ...document, name: document.id }]),
  );
  const score = indexWords(operations.map(({ id }) => documents.get(id)));
  return {
    search: (query, serves) => {
      const named = findNamed(query, finder);
      const scores = score(query);
      const asks = QUESTION.test(query);
      const factorOf = (operation: OperationEntry): number =>
        (serves(operation) ? 1 : NOT_SERVED_FACTOR) *
        (operation.deprecated === undefined ? 1 : DEPRECATED_FACTOR) *
        (asks && operation.effect !== 'read' ? CHANGE_FACTOR : 1);
      const least = scores.reduce((most, score) => Math.max(most, score), 0) * RELEVANT_SHARE;
      const hits: Hit[] = [];
      operations.forEach((operation, place) => {
        const score = scores[place] ?? 0;
        const rank = named.size === 0 ? 0 : (named.get(operation.id) ?? 0);
        if (rank === 0 && (score === 0 || score < least)) return;
        hits.push({ operation, score: rank + score * factorOf(operation) });
      });
      return rankOtherNames(hits, named).sort((a, b) => b.score - a.score);
    },
  };
}

function indexDocuments(documents: readonly (NamedDocument | undefined)[]): MiniSearch {
  const index = new MiniSearch({
    fields: FIELDS,
    tokenize: (text) => [...wordsOf(text)],
    processTerm: (word) => termOf(word) ?? null,
    searchOptions: { boost: FIELD_WEIGHTS, tokenize: (text) => [text], processTerm: (term) => term },
  });
  for (const [id, document] of documents.entries()) {
    if (document === undefined) continue;
    const { name, summary, description, tags, parameters } = document;
    index.add({ id, name, summary, description, tags: tags.join(' '), parameters: parameters.join(' ') });
  }
  return index;
}

/** A whole query, or one word of it that is written like a name, may be an exact name. */
function findNamed(query: string, finder: PathFinder): ReadonlyMap<OperationId, number> {
  const ranks = new Map<OperationId, number>();
  const tokens = query.split(/[\s,;:?!`'"]+/).filter((token) => /[._]|\p{Ll}\p{Lu}/u.test(token));
  for (const { id } of finder.operationsOf(query.trim())) ranks.set(id, 1_000);
  for (const name of [query, ...tokens]) {
    for (const { id } of finder.operationsNamed(name)) ranks.set(id, 10_000);
  }
  return ranks;
}

/** Words of a query that mean the same count once, and the last of them may be unfinished. */
interface Concept {
  readonly words: readonly string[];
  readonly synonyms: readonly string[];
  readonly unfinished: string | undefined;
}

function conceptsOf(query: string, synonymsOf: (term: string) => readonly string[]): readonly Concept[] {
  const words = wordsOf(query);
  const concepts: Concept[] = [];
  for (const [position, word] of words.entries()) {
    const term = termOf(word);
    if (term === undefined || concepts.some((concept) => concept.words.includes(term))) continue;
    // The beginning of a word has no stem yet.
    const unfinished = position === words.length - 1 && word.length >= PREFIX_LENGTH ? word : undefined;
    const same = concepts.findIndex(({ synonyms }) => synonyms.includes(term));
    const known = concepts[same];
    if (known === undefined) concepts.push({ words: [term], synonyms: synonymsOf(term), unfinished });
    else concepts[same] = { ...known, words: [...known.words, term] };
  }
  return concepts;
}

/** Each concept counts by its best match; an operation that meets more of the concepts counts for more. */
function scoreWords(concepts: readonly Concept[], find: TermFinder, operations: number): Scores {
  const totals = new Float64Array(operations);
  const met = new Float64Array(operations);
  for (const concept of concepts) {
    scoreConcept(concept, find, operations).forEach((score, place) => {
      if (score === 0) return;
      totals[place] = (totals[place] ?? 0) + score;
      met[place] = (met[place] ?? 0) + 1;
    });
  }
  return totals.map((total, place) => (total === 0 ? 0 : total * ((met[place] ?? 0) / concepts.length)));
}

/** The words and their synonyms; only where there are none of these, the words they begin or are a slip of. */
function scoreConcept(
  { words, synonyms, unfinished }: Concept,
  find: TermFinder,
  operations: number,
): Scores {
  const best = new Float64Array(operations);
  let isMet = false;
  const add = (term: string, weight: number, options: FindOptions = {}): void => {
    const { places, scores } = find(term, options);
    isMet ||= places.length > 0;
    places.forEach((place, at) => {
      best[place] = Math.max(best[place] ?? 0, (scores[at] ?? 0) * weight);
    });
  };
  for (const word of words) add(word, 1);
  for (const synonym of synonyms) add(synonym, SYNONYM_WEIGHT);
  if (!isMet && unfinished !== undefined) add(unfinished, PREFIX_WEIGHT, { prefix: true });
  if (isMet) return best;
  for (const word of words) if (word.length >= TYPO_LENGTH) add(word, TYPO_WEIGHT, { fuzzy: 0.2 });
  return best;
}

/** Another name, or a predecessor, stays behind the operation to call, unless the query names it. */
function rankOtherNames(hits: readonly Hit[], named: ReadonlyMap<OperationId, number>): Hit[] {
  const preferred = new Set(hits.flatMap(({ operation }) => preferredTo(operation) ?? []));
  const scores = new Map<OperationId, number>();
  for (const { operation, score } of hits) if (preferred.has(operation.id)) scores.set(operation.id, score);
  return hits.map((hit) => {
    const { id } = hit.operation;
    const other = preferredTo(hit.operation);
    const target = other === undefined ? undefined : scores.get(other);
    if (target === undefined || (named.has(id) && !named.has(other ?? id))) return hit;
    return { operation: hit.operation, score: Math.min(hit.score, target * ALIAS_FACTOR) };
  });
}

function preferredTo({ aliasOf, deprecated }: OperationEntry): OperationId | undefined {
  return deprecated?.use ?? aliasOf;
}
