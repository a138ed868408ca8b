import { CONTAINED, DENIED, type Expectation, refused, returns, throws } from '../expectation.ts';
import type { Configuration, Group, Scenario } from '../scenario.ts';
import { LOOT, LOOT_EXPRESSION } from './payload.ts';

type Expected = Readonly<Record<Configuration, Expectation>>;

const TEXT = JSON.stringify(LOOT);
const EXPRESSION = JSON.stringify(LOOT_EXPRESSION);

const NO_CONSTRUCTOR = throws(/not a valid constructor|is not a (function|constructor)/);
/** Nothing forbidden is named, so the check lets it through; the evaluator that it reaches is dead. */
const INERT: Expected = { all: NO_CONSTRUCTOR, checkOff: NO_CONSTRUCTOR, processOnly: DENIED };
/** An evaluator by its name: refused before it runs, and not there when it does. */
const FORBIDDEN: Expected = {
  all: refused('FORBIDDEN_EVALUATOR'),
  checkOff: throws(/is not a (function|constructor)|is not defined/),
  processOnly: DENIED,
};
const ABSENT: Expected = { ...FORBIDDEN, processOnly: CONTAINED };

const row = (id: string, technique: string, code: string, expect: Expected): Scenario => ({
  id,
  stride: 'E',
  technique,
  code,
  expect,
});

export const EVALUATORS: Group = {
  name: 'Evaluators',
  scenarios: [
    row('EV-01', 'constructor of an arrow function', `return (() => {}).constructor(${TEXT})();`, INERT),
    row('EV-02', 'constructor of an async function', `return await (async () => {}).constructor(${TEXT})();`, INERT),
    row('EV-03', 'constructor of a generator function', `return (function* () {}).constructor(${TEXT})().next().value;`, INERT),
    row('EV-04', 'constructor of an async generator function', `return (await (async function* () {}).constructor(${TEXT})().next()).value;`, INERT),
    row('EV-05', 'constructor of the constructor of an object', `return ({}).constructor.constructor(${TEXT})();`, INERT),
    row('EV-06', 'constructor of a native method', `return [].map.constructor(${TEXT})();`, INERT),
    row('EV-07', 'constructor of a bound function', `return (() => {}).bind(null).constructor(${TEXT})();`, INERT),
    row('EV-08', 'constructor of a class of the program’s own', `class A { static m() {} }\nconst F = JSON.parse('{}').constructor.constructor ?? A.constructor;\nreturn new F(${TEXT})();`, INERT),
    row('EV-09', 'class that extends Function’s constructor', `const F = JSON.parse('{}').constructor.constructor;\nclass Made extends F {}\nreturn new Made(${TEXT})();`, INERT),
    row('EV-10', 'Reflect.construct of an inherited constructor', `return Reflect.construct((() => {}).constructor, [${TEXT}])();`, INERT),
    row('EV-11', 'constructor out of a property descriptor', `const { value } = JSON.parse('0') || Object.getOwnPropertyDescriptor(Object.getPrototypeOf(() => {}), 'constructor');\nreturn value(${TEXT})();`, INERT),
    row('EV-12', 'constructor of an accessor’s getter', `const { get } = JSON.parse('0') || Object.getOwnPropertyDescriptor(Map.prototype, 'size');\nreturn get.constructor(${TEXT})();`, INERT),
    row('EV-13', 'constructor of an operation', `return athena.memory.recall.constructor(${TEXT})();`, INERT),
    row('EV-14', 'constructor of console.log', `return console.log.constructor(${TEXT})();`, INERT),
    row('EV-15', 'constructor of the promise of a call', `const promise = athena.memory.recall({ query: 'x' });\nawait promise;\nreturn promise.constructor.constructor(${TEXT})();`, INERT),
    row('EV-16', 'constructor of the error of a call', `let failed = JSON.parse('{}');\ntry { await athena.memory.recall({ query: '' }); } catch (error) { failed = error; }\nreturn failed.constructor.constructor(${TEXT})();`, INERT),
    row('EV-17', 'constructor of the result of a call', `const found = await athena.memory.recall({ query: 'x' });\nreturn found.constructor.constructor(${TEXT})();`, INERT),
    row('EV-18', 'constructor spelled from brackets and signs', `return [][(![] + '')[0] + (![] + '')[2] + (![] + '')[1] + 't'.slice(0, 1)]['c' + 'onstructor'.slice(0)](${TEXT})();`, INERT),
    row('EV-19', 'constructor with a unicode escape', `return (() => {}).${'\\u0063'}onstructor(${TEXT})();`, INERT),
    row('EV-20', 'constructor as a template tag', `return (() => {}).constructor\`${LOOT}\`();`, INERT),
    row('EV-21', 'constructor found by its prototype’s symbols', `const F = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {})).constructor;\nreturn F(${TEXT})();`, INERT),
    row('EV-22', 'constructor handed to Array.from as a species', `class Made extends Array { static get [Symbol.species]() { return JSON.parse('{}').constructor.constructor; } }\nreturn new Made(${TEXT}).map((text) => text)();`, { ...INERT, all: refused('TYPE_ERROR'), processOnly: CONTAINED }),
    row('EV-23', 'constructor called by a JSON reviver', `const F = JSON.parse('{}').constructor.constructor;\nreturn JSON.parse(${JSON.stringify(TEXT)}, (_, text) => F(text)());`, INERT),
    row('EV-24', 'constructor as the callback of map', `const F = JSON.parse('{}').constructor.constructor;\nconst made = [${TEXT}].map(F);\nreturn made[0]();`, { ...INERT, processOnly: CONTAINED }),
    row('EV-25', 'direct eval', `return eval(${EXPRESSION});`, { ...FORBIDDEN, checkOff: throws(/direct eval/, 'SYNTAX_ERROR') }),
    row('EV-26', 'indirect eval', `return (0, eval)(${EXPRESSION});`, FORBIDDEN),
    row('EV-27', 'eval with a unicode escape', `return ${'\\u0065'}val(${EXPRESSION});`, FORBIDDEN),
    row('EV-28', 'eval as an optional call', `return eval?.(${EXPRESSION});`, { ...FORBIDDEN, checkOff: returns(null) }),
    row('EV-29', 'eval of globalThis', `return globalThis.eval(${EXPRESSION});`, FORBIDDEN),
    row('EV-30', 'eval by a computed name', `return globalThis['ev' + 'al'](${EXPRESSION});`, { ...FORBIDDEN, all: refused('FORBIDDEN_GLOBAL') }),
    row('EV-31', 'eval in a default parameter', `const run = (text, make = eval) => make(text);\nreturn run(${EXPRESSION});`, FORBIDDEN),
    row('EV-32', 'eval through this', `return (function () { return this; })().eval(${EXPRESSION});`, { all: throws(/undefined/), checkOff: throws(/undefined/), processOnly: DENIED }),
    row('EV-33', 'new Function', `return new Function(${TEXT})();`, FORBIDDEN),
    row('EV-34', 'Function without new', `return Function(${TEXT})();`, FORBIDDEN),
    row('EV-35', 'nested Compartment', `return new Compartment().evaluate(${EXPRESSION});`, ABSENT),
    row('EV-36', 'ShadowRealm', `return new ShadowRealm().evaluate(${EXPRESSION});`, ABSENT),
    row('EV-37', 'second lockdown with weaker options', `return lockdown({ evalTaming: 'unsafe-eval', errorTaming: 'unsafe' });`, ABSENT),
    row('EV-38', 'ModuleSource of text', `return new ModuleSource(${EXPRESSION});`, ABSENT),
    row('EV-39', 'timer with text for a callback', `return setTimeout(${EXPRESSION}, 0);`, {
      all: throws(/setTimeout needs a function/),
      checkOff: throws(/setTimeout needs a function/),
      processOnly: throws(/setTimeout needs a function/),
    }),
    row('EV-40', 'the source of a host function read by toString', `return [athena.memory.recall, console.log, sleep, session.get].some((one) => String(one).includes('/'));`, { all: returns(false), checkOff: returns(false), processOnly: CONTAINED }),
    row('EV-41', 'caller of the calling function', `function inner() { return inner.caller; }\nreturn String(inner());`, { all: returns('undefined'), checkOff: returns('undefined'), processOnly: CONTAINED }),
    row('EV-42', 'callee of the wrapper’s arguments', `return arguments.callee(${TEXT});`, { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/callee|restricted|not be accessed/), processOnly: CONTAINED }),
    row('EV-43', 'the wrapper’s source out of its arguments', `return String(arguments[0]);`, { all: refused('FORBIDDEN_GLOBAL'), checkOff: returns('undefined'), processOnly: returns('undefined') }),
    row('EV-44', '__lookupGetter__ for a way up', `const value = JSON.parse('{}');\nreturn typeof value.__lookupGetter__('__proto__').call(athena);`, { all: returns('object'), checkOff: returns('object'), processOnly: returns('object') }),
    row('EV-45', 'sloppy function for the global object', `return typeof (function () { return this; })();`, { all: returns('undefined'), checkOff: returns('undefined'), processOnly: CONTAINED }),
    row('EV-46', 'global object out of a callback’s this', `const seen = [];\n[1].forEach(function () { seen.push(typeof this); });\nreturn seen;`, { all: returns(['undefined']), checkOff: returns(['undefined']), processOnly: CONTAINED }),
    row('EV-47', 'host realm’s Function through the stubs’ own objects', `const seen = [athena, session, console, Date, Math, sleep];\nreturn seen.map((one) => (Object.getPrototypeOf(one) ?? Object).constructor.constructor).map((F) => { try { return typeof F(${TEXT})(); } catch { return 'dead'; } });`, {
      all: returns(Array(6).fill('dead')),
      checkOff: returns(Array(6).fill('dead')),
      processOnly: returns(Array(6).fill('dead')),
    }),
    row('EV-48', 'harden to freeze what programs share', `return harden(athena);`, ABSENT),
    row('EV-49', 'constructor of the error of a stack overflow', `const dive = () => dive();\nlet caught = JSON.parse('{}');\ntry { dive(); } catch (error) { caught = error; }\nreturn caught.constructor.constructor(${TEXT})();`, INERT),
    row('EV-50', 'constructor of an iterator helper', `return [1].values().map((x) => x).next.constructor(${TEXT})();`, INERT),
    row('EV-51', 'constructor as the class of Array.fromAsync', `const F = JSON.parse('{}').constructor.constructor;\nreturn await Reflect.apply(Reflect.get(Array, 'fromAsync'), F, [[${TEXT}]]);`, { ...INERT, processOnly: CONTAINED }),
    row('EV-52', 'constructor as the class of Promise.withResolvers', `return Reflect.apply(Promise.withResolvers, JSON.parse('{}').constructor.constructor, []);`, { ...INERT, processOnly: CONTAINED }),
    row('EV-53', 'constructor as the replacer of a text', `return ${TEXT}.replace(/^.*$/s, JSON.parse('{}').constructor.constructor);`, { ...INERT, processOnly: CONTAINED }),
    row('EV-54', 'constructor as the new.target of a Date', `const made = Reflect.construct(Date, [0], JSON.parse('{}').constructor.constructor);\nreturn Reflect.get(made, 'constructor')(${TEXT})();`, INERT),
  ],
};
