/**
 * Uses a bit of everything, and would show most of what an attack could have bent. An attack may well have filled the
 * session: room is made first.
 */
export const HONEST_CODE = `
const left = await session.keys();
if (left.length > 50) for (const key of left) await session.delete(key);
const found = await athena.memory.recall({ query: 'honest' });
await session.set('honest', { kept: [1, null, 'a'] });
class Counter { #count = 0; next() { return ++this.#count; } }
console.log('honest');
return {
  found: found.memories.length,
  kept: await session.get('honest'),
  parts: [...'a-b-c'.matchAll(/[a-z]/g)].map(([letter]) => letter),
  squares: await Promise.all([1, 2, 3].map(async (n) => n * n)),
  counted: new Counter().next(),
  sorted: [3, 1, 2].sort(),
  json: JSON.stringify({ a: [new Date(0)] }),
  map: [...new Map([['a', 1]])],
  caught: await Promise.reject(new RangeError('r')).catch((error) => String(error)),
  inherited: ['polluted', 'then', 'toJSON', 'left'].filter((name) => name in {}),
  clock: Date.now() > 1_700_000_000_000,
  chance: Math.random() < 1,
};`;

export const HONEST_VALUE = {
  found: 0,
  kept: { kept: [1, null, 'a'] },
  parts: ['a', 'b', 'c'],
  squares: [1, 4, 9],
  counted: 1,
  sorted: [1, 2, 3],
  json: '{"a":["1970-01-01T00:00:00.000Z"]}',
  map: [['a', 1]],
  caught: 'RangeError: r',
  inherited: [],
  clock: true,
  chance: true,
};
