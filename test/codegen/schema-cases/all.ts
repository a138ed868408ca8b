import { COMBINATIONS } from './combinations.ts';
import { COMMON } from './common.ts';
import { DRAFTS } from './drafts.ts';
import { REFERENCES } from './references.ts';
import type { Row } from './row.ts';
import { VALUES } from './values.ts';

export const ROWS: readonly Row[] = [...COMMON, ...VALUES, ...COMBINATIONS, ...REFERENCES, ...DRAFTS];
