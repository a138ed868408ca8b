import * as z from 'zod';
import { LIMITS } from '../contract/limits.ts';
import { shorten } from '../json/shorten.ts';

/** What is longer can name nothing, and is not repeated whole. */
export const LONGEST_NAME = 300;
/** What is told of wrong arguments: the names of a hundred thousand unknown ones would fill megabytes. */
const LONGEST_SENTENCE = 1_000;

/** Unknown arguments are refused, not ignored, with the names of those that there are. */
function argumentsOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `the arguments are ${Object.keys(shape).join(', ')}, not ${z.core.util.joinValues(keys, ', ')}`
        : undefined,
  });
}

/** The arguments of the two tools, as clients send them. */
export const DISCOVER_ARGUMENTS = argumentsOf({
  query: z.string().min(1).max(1_000).optional(),
  path: z.string().min(1).max(300).optional(),
  level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
});

export const EXECUTE_ARGUMENTS = argumentsOf({
  code: z.string().optional(),
  resume: z.string().min(1).max(LONGEST_NAME).optional(),
  // Longer than any name may be, so that the reply can say what is wrong; short, since the reply repeats it.
  session: z.string().max(LONGEST_NAME).optional(),
  timeoutMs: z.int().min(LIMITS.runMs.min).max(LIMITS.runMs.max).optional(),
  dryRun: z.boolean().optional(),
  saveSkill: z.string().max(LONGEST_NAME).optional(),
})
  .refine(({ code, resume }) => (code === undefined) !== (resume === undefined), {
    message: 'give either `code`, to run a program, or `resume`, to go on with an interrupted execution',
  })
  .refine(
    ({ resume, session, dryRun, saveSkill }) =>
      resume === undefined || [session, dryRun, saveSkill].every((other) => other === undefined),
    {
      message: '`resume` goes with `timeoutMs` alone: the run is in its own session',
    },
  );

/** What is wrong with arguments, as one sentence. */
export function describeIssues({ issues }: z.core.$ZodError): string {
  const found = issues.map(({ path, message }) =>
    path.length === 0 ? message : `\`${path.join('.')}\`: ${message}`,
  );
  return shorten(`${found.join('; ')}.`, LONGEST_SENTENCE);
}
