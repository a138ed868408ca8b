import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocator } from '../../codegen/locate.ts';

const TEXT = `{
  "a/b": 1, "c~d": [
    true,
    "x, {}\\"\\\\", -2.5e3,
    { "":
      null, "deep": {} },
    [], [[
      3]]
  ],
  "[": "]", "last":
    false
}`;

const LINES: Readonly<Record<string, number>> = {
  '': 1,
  '/a~1b': 2,
  '/c~0d': 2,
  '/c~0d/0': 3,
  '/c~0d/1': 4,
  '/c~0d/2': 4,
  '/c~0d/3': 5,
  '/c~0d/3/': 5,
  '/c~0d/3/deep': 6,
  '/c~0d/4': 7,
  '/c~0d/5/0': 7,
  '/c~0d/5/0/0': 8,
  '/[': 10,
  '/last': 10,
};

test('a value is found on its line, a property on that of its name', () => {
  const locate = createLocator(TEXT);
  assert.deepEqual(
    Object.fromEntries(Object.keys(LINES).map((pointer) => [pointer, locate(pointer)])),
    LINES,
  );
});

test('a step that does not exist leads to the line of its parent', () => {
  const locate = createLocator(TEXT);
  for (const [pointer, line] of [
    ['/none', 1],
    ['/c~0d/9', 2],
    ['/c~0d/3/none/4', 5],
    ['/a~1b/0', 2],
  ] as const)
    assert.equal(locate(pointer), line, pointer);
});

test('a text of one value has one place', () => {
  assert.equal(createLocator('\n\n "only"')('/any'), 3);
});
