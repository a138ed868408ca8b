import type { Group } from './scenario.ts';
import { POWERS } from './scenarios/absent-powers.ts';
import { ASYNC } from './scenarios/async.ts';
import { DENIAL } from './scenarios/denial-of-service.ts';
import { DISCLOSURE } from './scenarios/disclosure.ts';
import { ERRORS } from './scenarios/errors-and-stacks.ts';
import { EVALUATORS } from './scenarios/evaluators.ts';
import { MODULES } from './scenarios/modules.ts';
import { PARSERS } from './scenarios/parser-differentials.ts';
import { PROCESS } from './scenarios/process.ts';
import { PROXIES } from './scenarios/proxies-and-getters.ts';
import { SPOOFING } from './scenarios/spoofing-and-logs.ts';
import { TAMPERING } from './scenarios/tampering.ts';

/** Every attack there is. */
export const GROUPS: readonly Group[] = [
  EVALUATORS,
  MODULES,
  ERRORS,
  PROXIES,
  ASYNC,
  POWERS,
  PARSERS,
  TAMPERING,
  SPOOFING,
  DISCLOSURE,
  DENIAL,
  PROCESS,
];
