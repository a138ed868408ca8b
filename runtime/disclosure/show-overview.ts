import type { OperationEntry } from '../contract/catalogue.ts';
import { SKILLS_ROOT } from '../contract/skill.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { bytesOf } from './fit-text.ts';
import { layersOf } from './layers-of.ts';
import { count, servedRemark, writtenAs } from './operation-line.ts';

/**
 * Level 1: the layers, their namespaces with counts, and how to go on. A huge catalogue shows counts alone.
 * @param skills how many the project has
 */
export function showOverview({ catalogue, serves, rootName }: DisclosureOptions, skills = 0): Shown {
  const { operations } = catalogue;
  const example = shortestName(operations.filter(serves)) ?? shortestName(operations);
  const tools = new Set(operations.map(({ tool }) => tool)).size;
  const head = `${catalogue.name}: ${count(operations.length, 'operation')} in ${count(tools, 'tool')}${servedRemark(operations, serves)}.`;
  const saved =
    skills === 0 ? '' : `${count(skills, 'skill')} of this project: discover({path: "${SKILLS_ROOT}"}).`;
  const steps = example === undefined ? '' : printNextSteps(example, rootName);
  const foot = [steps, saved].filter((part) => part !== '').join('\n');
  const layers = layersOf(operations).map((layer) => ({
    layer,
    inside: operations.filter((operation) => operation.layer === layer),
  }));
  const compose = (line: (inside: readonly OperationEntry[]) => string, end: string): string =>
    [head, ...layers.map(({ layer, inside }) => `- ${layer}: ${line(inside)}`), end]
      .filter((part) => part !== '')
      .join('\n');
  const choices = [compose((inside) => listNamespaces(inside, serves), foot), compose(countNamespaces, foot)];
  const text =
    choices.find((choice) => bytesOf(choice) <= DISCLOSURE_BYTES[1]) ?? compose(countNamespaces, saved);
  return { ok: true, level: 1, text, operations: [] };
}

/** `memory 28, analysis 2`; `hooks 3/5` where only three of five are served. */
function listNamespaces(operations: readonly OperationEntry[], serves: DisclosureOptions['serves']): string {
  return [...Map.groupBy(operations, ({ namespace }) => namespace)]
    .map(([namespace, inside]) => {
      const served = inside.filter(serves).length;
      return `${namespace} ${served === inside.length ? '' : `${served}/`}${inside.length}`;
    })
    .join(', ');
}

function countNamespaces(operations: readonly OperationEntry[]): string {
  const namespaces = new Set(operations.map(({ namespace }) => namespace)).size;
  return `${count(operations.length, 'operation')} in ${count(namespaces, 'namespace')}`;
}

function shortestName(operations: readonly OperationEntry[]): OperationEntry | undefined {
  return operations.toSorted((a, b) => a.id.length - b.id.length)[0];
}

function printNextSteps(example: OperationEntry, rootName: string): string {
  const { layer, id } = example;
  const namespace = writtenAs(example.namespace, example, rootName);
  return [
    'Search: discover({query: "what you want to do"}).',
    `Browse: path is a layer ("${layer}"), a namespace ("${namespace}": signatures) or an operation ("${id}"); level 4 adds schema, examples, source.`,
    `Call in execute: await ${writtenAs(id, example, rootName)}({...}).`,
  ].join('\n');
}
