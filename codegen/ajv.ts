import core, { type Options } from 'ajv/dist/core.js';
import type { UriResolver } from 'ajv/dist/types/index.js';
import applicators from 'ajv/dist/vocabularies/applicator/index.js';
import coreWords from 'ajv/dist/vocabularies/core/index.js';
import formatWords from 'ajv/dist/vocabularies/format/index.js';
import metadata from 'ajv/dist/vocabularies/metadata.js';
import nextWords from 'ajv/dist/vocabularies/next.js';
import unevaluatedWords from 'ajv/dist/vocabularies/unevaluated/index.js';
import validationWords from 'ajv/dist/vocabularies/validation/index.js';
import formats from 'ajv-formats';

export type Ajv = core.default;

/**
 * References are whole names of schemas, with a pointer after `#`, or a pointer alone. What else a URI may be takes
 * time to look for.
 */
const uriResolver: UriResolver = {
  parse: (uri) => {
    const [path = '', fragment = ''] = uri.split('#');
    return { path, fragment };
  },
  serialize: ({ path = '' }) => path,
  resolve: (base, reference) =>
    reference.startsWith('#') ? `${base.replace(/#.*/, '')}${reference}` : reference,
};

/** Ajv with the words of draft 2020-12, without dynamic references; `unevaluated…` only where that is asked for. */
export function createAjv(options: Options): Ajv {
  const ajv = new core.default({ ...options, uriResolver });
  const vocabularies = [
    coreWords.default,
    validationWords.default,
    applicators.default(true),
    formatWords.default,
    metadata.metadataVocabulary,
    metadata.contentVocabulary,
    nextWords.default,
    ...(options.unevaluated === true ? [unevaluatedWords.default] : []),
  ];
  for (const words of vocabularies) ajv.addVocabulary(words);
  formats.default(ajv);
  return ajv;
}
