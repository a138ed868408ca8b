/** What hostile clients send, over and over. Each ends at a limit, at the check, or by a cancellation. */
export const HOSTILE_PROGRAMS: readonly string[] = [
  'while (true) {}',
  'for (;;) await null;',
  'await new Promise(() => {});',
  'return /(a+)+$/.test("a".repeat(50) + "b");',
  'const held = []; for (;;) held.push(new Array(1e5).fill(held.length));',
  'const held: Uint8Array[] = []; for (;;) held.push(new Uint8Array(1e7).fill(1));',
  'for (let line = 0; ; line += 1) console.log("x".repeat(1_000), line);',
  'await Promise.all(Array.from({ length: 5_000 }, () => athena.memory.recall({ query: "x" })));',
  'await Promise.all(Array.from({ length: 500 }, (_, at) => session.set("key-" + at, "x".repeat(5_000))));',
  'return "x".repeat(3e7);',
  'const deep: unknown[] = []; let at = deep; for (let level = 0; level < 1e5; level += 1) at.push(at = []); return deep;',
  'throw Object.defineProperty(new Error("x"), "message", { get() { for (;;); } });',
  'type Bomb<U, K = U> = [U] extends [never] ? [] : K extends K ? [K, ...Bomb<Exclude<U, K>>] : never; const bomb: Bomb<1|2|3|4|5|6|7|8|9> = JSON.parse("1"); return bomb;',
  `return ${'('.repeat(400)}1${')'.repeat(400)};`,
  'return eval("1");',
  'let late = (): Promise<void> => Promise.resolve().then(late); void late(); return 1;',
];
