import { LAYERS, type OperationEntry } from '../contract/catalogue.ts';

/** The layers that have operations: Athena's eight in their order, then whatever an imported backend has. */
export function layersOf(operations: readonly OperationEntry[]): readonly string[] {
  const present = new Set(operations.map(({ layer }) => layer));
  const own = LAYERS.filter((layer) => present.delete(layer));
  return [...own, ...present];
}
