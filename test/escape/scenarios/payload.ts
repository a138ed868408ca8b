/** What an attacker does with code made from text: reads the secret file. The body of a function. */
export const LOOT = `return process.getBuiltinModule('node:fs').readFileSync('{{secretFile}}', 'utf8')`;

/** The same as an expression. */
export const LOOT_EXPRESSION = `process.getBuiltinModule('node:fs').readFileSync('{{secretFile}}', 'utf8')`;

/** What programs write where it must not get among the server's own words. */
export const MARK = 'SPEAKS-FOR-THE-SERVER';

/** In the parameters of a call, so that the person who is asked about it never decides. */
export const UNDECIDED = 'THINK-FOR-EVER';
