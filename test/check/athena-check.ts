import { catalogue } from '../../generated/catalogue.ts';
import { type Check, openCheck } from '../../runtime/check/check.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';

/** The check as the engine opens it: all operations of Athena, and their generated typings. */
export async function openAthenaCheck(typeChecker?: Check['typeChecker']): Promise<Check> {
  return openCheck({
    rootName: catalogue.name,
    operations: catalogue.operations,
    typings: await catalogue.typings(),
    limits: DEFAULT_LIMITS,
    ...(typeChecker === undefined ? {} : { typeChecker }),
  });
}
