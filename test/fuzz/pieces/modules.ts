// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are programs
import type { Productions } from '../grammar.ts';

/** Modules, by every form of import there is. */
export const MODULES: Productions = {
  module: [
    [4, '(await «import»«gap»(«moduleName»))«read»'],
    '(await import.source(«moduleName»))',
    '(await import.defer(«moduleName»))«read»',
    'import.meta',
    'import.meta.url',
    'import /* */ . meta',
    '[«moduleName»].map((name) => import(name))',
    '({ import: (name: any) => name }).import(«moduleName»)',
    '`${import(«moduleName») as any}`',
    'require(«moduleName»)«read»',
    'module.constructor._load(«moduleName»)«read»',
    '"import(\'node:fs\')"',
    '`import(x)`',
    '/import\\(x/.source',
    '(() => {\nimport fs from "node:fs";\n})()',
  ],
  import: [[4, 'import'], '\\u0069mport', '(import)', 'im\\u{70}ort', '...import'],
  gap: [[3, ''], '/* gap */', '\n\n', '\u00a0', '\u2028', ' // gap\n', '\t', '<any>', '?.', '\ufeff'],
  moduleName: [
    "'node:fs'",
    "'fs'",
    '«moduleWord:halves»',
    '`node:${"fs"}`',
    '«moduleWord:escapes»',
    "'data:text/javascript,export default 1'",
    "'{{secretFile}}'",
  ],
  moduleWord: ['node:fs'],
  read: ["?.readFileSync?.('{{secretFile}}', 'utf8')", ".default.readFileSync('{{secretFile}}', 'utf8')", ''],
};
