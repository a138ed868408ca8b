import core, { type Options } from 'ajv/dist/core.js';
import applicators from 'ajv/dist/vocabularies/applicator/index.js';
import coreWords from 'ajv/dist/vocabularies/core/index.js';
import formatWords from 'ajv/dist/vocabularies/format/index.js';
import metadata from 'ajv/dist/vocabularies/metadata.js';
import nextWords from 'ajv/dist/vocabularies/next.js';
import unevaluatedWords from 'ajv/dist/vocabularies/unevaluated/index.js';
import validationWords from 'ajv/dist/vocabularies/validation/index.js';
import formats from 'ajv-formats';

export type Ajv = core.default;

/** Ajv with the words of draft 2020-12, without dynamic references; `unevaluated…` only where that is asked for. */
export function createAjv(options: Options): Ajv {
  const ajv = new core.default(options);
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
