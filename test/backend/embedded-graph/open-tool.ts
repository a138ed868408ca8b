import type { TestContext } from 'node:test';
import { type OpenAthena, openAthena, operationsOf } from '../embedded/open-athena.ts';

/** One tool of an open Athena. */
export interface OpenTool {
  readonly athena: OpenAthena;
  call(operation: string, params?: object): Promise<any>;
  refusal(operation: string, params?: object): Promise<string>;
  /** The operations of the tool that were never answered. */
  unused(): Promise<readonly string[]>;
  /** Moves the clock on. */
  wait(minutes: number): void;
}

/** Opens an Athena on a clock that stands still, at 9:00 UTC on 2 March 2026. */
export async function openTool(t: TestContext, tool: string): Promise<OpenTool> {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-03-02T09:00:00Z') });
  const athena = await openAthena(t);
  const used = new Set<string>();
  return {
    athena,
    call: async (operation, params) => {
      const result = await athena.call(`${tool}.${operation}`, params);
      used.add(`${tool}.${operation}`);
      return result;
    },
    refusal: (operation, params) => athena.refusal(`${tool}.${operation}`, params),
    unused: async () => [...(await operationsOf(tool)).keys()].filter((id) => !used.has(id)),
    wait: (minutes) => t.mock.timers.tick(minutes * 60_000),
  };
}
