import { CONTAINED, DENIED, type Expectation, refused, returns, throws } from '../expectation.ts';
import type { Configuration, Group, Scenario } from '../scenario.ts';

type Expected = Readonly<Record<Configuration, Expectation>>;

const IMPORT_REJECTED = throws(/import|SES_IMPORT/i, 'SYNTAX_ERROR');
const NOT_A_SCRIPT = throws(/Cannot use '?import|Unexpected (?:identifier|token)|Missing initializer|Possible import expression refused/, 'SYNTAX_ERROR');
const ESCAPED = throws(/Keyword must not contain escaped characters/, 'SYNTAX_ERROR');
/** A dynamic form: also refused by text before it is evaluated. Without SES, Node has no loader for it. */
const DYNAMIC: Expected = {
  all: refused('FORBIDDEN_IMPORT'),
  checkOff: IMPORT_REJECTED,
  processOnly: throws(/dynamic import|import/i),
};
/** A static form: no body of a function holds it. */
const STATIC: Expected = { all: refused('FORBIDDEN_IMPORT'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT };
const NAMED: Expected = { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/undefined|not a function/), processOnly: CONTAINED };

const row = (id: string, technique: string, code: string, expect: Expected): Scenario => ({ id, stride: 'E', technique, code, expect });
const READ = `.readFileSync('{{secretFile}}', 'utf8')`;

export const MODULES: Group = {
  name: 'Modules',
  scenarios: [
    row('MO-01', 'import()', `return (await import('node:fs'))${READ};`, DYNAMIC),
    row('MO-02', 'import() with a comment before the parenthesis', `return (await import/* here */('node:fs'))${READ};`, DYNAMIC),
    row('MO-03', 'import() with a newline before the parenthesis', `return (await import\n\n('node:fs'))${READ};`, DYNAMIC),
    row('MO-04', 'import() with a no-break space before the parenthesis', `return (await import\u00a0('node:fs'))${READ};`, DYNAMIC),
    row('MO-05', 'import() with U+2028 before the parenthesis', `return (await import\u2028('node:fs'))${READ};`, DYNAMIC),
    row('MO-06', 'import() with a line comment before the parenthesis', `return (await import // here\n('node:fs'))${READ};`, DYNAMIC),
    row('MO-07', 'import() of a name built at run time', `const name = ['node', 'fs'].join(':');\nreturn (await import(name))${READ};`, DYNAMIC),
    row('MO-08', 'import() of a data: module', `return (await import('data:text/javascript,export default 1')).default;`, DYNAMIC),
    row('MO-09', 'import() inside a template', 'return `${await import("node:fs")}`;', DYNAMIC),
    row('MO-10', 'import.meta', `return import.meta.dirname;`, { all: refused('FORBIDDEN_IMPORT'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-11', 'import.source()', `return await import.source('node:fs');`, { all: refused('FORBIDDEN_IMPORT'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-12', 'import.defer()', `return await import.defer('node:fs');`, { all: refused('FORBIDDEN_IMPORT'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-13', 'import.source with a comment inside', `return await import./* */source('node:fs');`, { all: refused('FORBIDDEN_IMPORT'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-14', 'static import', `import { readFileSync } from 'node:fs';\nreturn readFileSync('{{secretFile}}', 'utf8');`, STATIC),
    row('MO-15', 'import for its side effects', `import 'node:inspector';\nreturn 1;`, STATIC),
    row('MO-16', 'import with attributes', `import data from '{{secretFile}}' with { type: 'json' };\nreturn data;`, STATIC),
    row('MO-17', 'import under the name of a global that exists', `import { Date } from 'node:fs';\nreturn typeof Date;`, STATIC),
    row('MO-18', 'type import that is used as a value', `import type { readFileSync } from 'node:fs';\nreturn readFileSync('{{secretFile}}');`, { all: refused('TYPE_ERROR'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-19', 'import x = require', `import fs = require('node:fs');\nreturn fs${READ};`, STATIC),
    row('MO-20', 'export from', `export * from 'node:fs';\nreturn 1;`, STATIC),
    row('MO-21', 'export =', `export = 1;`, { all: refused('FORBIDDEN_SYNTAX'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-22', 'require', `return require('node:fs')${READ};`, { all: refused('FORBIDDEN_IMPORT'), checkOff: throws(/not a function|not defined/), processOnly: DENIED }),
    row('MO-23', 'require of module', `return module.require('node:fs')${READ};`, { all: refused('FORBIDDEN_IMPORT'), checkOff: throws(/undefined|not defined/), processOnly: CONTAINED }),
    row('MO-24', 'process.getBuiltinModule', `return process.getBuiltinModule('node:fs')${READ};`, { ...NAMED, processOnly: DENIED }),
    row('MO-25', 'process.binding', `return process.binding('fs').internalModuleStat('{{secretFile}}');`, NAMED),
    row('MO-26', 'process.dlopen of an addon', `process.dlopen({ exports: {} }, '{{secretFile}}');`, { ...NAMED, processOnly: throws(/Cannot load native addon|ERR_DLOPEN_DISABLED|restricted/) }),
    row('MO-27', 'reference path to a file', `/// <reference path="{{secretFile}}" />\nreturn 1;`, { all: returns(1), checkOff: returns(1), processOnly: returns(1) }),
    row('MO-28', 'reference types of a package', `/// <reference types="node" />\nreturn process.version;`, { ...NAMED, processOnly: CONTAINED }),
    row('MO-29', 'types through an import type', `const value: typeof import('node:fs') = JSON.parse('{}');\nreturn typeof value.readFileSync;`, { all: returns('undefined'), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
    row('MO-30', 'import() in code made at run time', `return await (async () => {}).constructor("return (await import('node:fs'))${READ.replaceAll("'", "\\'")}")();`, { all: throws(/not a valid constructor/), checkOff: IMPORT_REJECTED, processOnly: CONTAINED }),
    row('MO-31', 'createRequire', `return process.getBuiltinModule('node:module').createRequire('/')('{{secretFile}}');`, { ...NAMED, processOnly: throws(/Cannot find module|has been restricted/) }),
    row('MO-32', 'import of a source', `import source fs from 'node:fs';\nreturn fs;`, { ...STATIC, all: refused('SYNTAX_ERROR') }),
    row('MO-33', 'import that is deferred', `import defer * as fs from 'node:fs';\nreturn fs${READ};`, STATIC),
    row('MO-34', 'import() with a unicode escape', `return (await im${'\\u0070'}ort('node:fs'))${READ};`, { all: refused('SYNTAX_ERROR'), checkOff: ESCAPED, processOnly: ESCAPED }),
    row('MO-35', 'import() with a byte order mark before the parenthesis', `return (await import\ufeff('node:fs'))${READ};`, { ...DYNAMIC, all: refused('FORBIDDEN_CHARACTER') }),
    row('MO-36', 'import() with attributes', `return (await import('{{secretFile}}', { with: { type: 'json' } })).default;`, DYNAMIC),
    row('MO-37', 'types of a file through an import type', `const value: typeof import('{{secretFile}}') = JSON.parse('{}');\nreturn Object.keys(value);`, { all: returns([]), checkOff: NOT_A_SCRIPT, processOnly: NOT_A_SCRIPT }),
  ],
};
