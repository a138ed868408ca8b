/** Why nothing was imported: what is wrong, where, and what to do about it. */
export class ImportRefused extends Error {}
