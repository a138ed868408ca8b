import { isRecord, omit, type RawSchema } from './raw-schema.ts';

/** One schema in the words of draft 2020-12, those inside it left as they are. */
export interface Upgraded {
  readonly schema: RawSchema;
  /** Whether null is allowed as well, which `nullable` said of a schema without a type. */
  readonly isNullable: boolean;
}

/** Says what drafts 4 to 7 and OpenAPI 3.0 say in words that draft 2020-12 has. */
export function upgradeKeywords(raw: RawSchema): Upgraded {
  const steps = [upgradeTuples, upgradeDependencies, upgradeBounds];
  const schema = steps.reduce((before, step) => step(before), raw);
  return upgradeNull(schema);
}

/** A list under `items` was a tuple, and `additionalItems` what comes after it. */
function upgradeTuples(schema: RawSchema): RawSchema {
  if (!Array.isArray(schema.items)) return omit(schema, 'additionalItems');
  const rest = schema.additionalItems === undefined ? {} : { items: schema.additionalItems };
  const prefix = schema.items.length === 0 ? {} : { prefixItems: schema.items };
  return { ...omit(schema, 'items', 'additionalItems'), ...prefix, ...rest };
}

function upgradeDependencies(schema: RawSchema): RawSchema {
  if (!isRecord(schema.dependencies)) return schema;
  const entries = Object.entries(schema.dependencies);
  const names = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  return {
    ...omit(schema, 'dependencies'),
    ...(names.length === 0 ? {} : { dependentRequired: Object.fromEntries(names) }),
    ...(schemas.length === 0 ? {} : { dependentSchemas: Object.fromEntries(schemas) }),
  };
}

/** In draft 4 the exclusive bounds were flags. */
function upgradeBounds(schema: RawSchema): RawSchema {
  const upgrade = (before: RawSchema, flag: string, bound: string): RawSchema => {
    if (typeof before[flag] !== 'boolean') return before;
    if (before[flag] === false || before[bound] === undefined) return omit(before, flag);
    return { ...omit(before, bound), [flag]: before[bound] };
  };
  return upgrade(upgrade(schema, 'exclusiveMinimum', 'minimum'), 'exclusiveMaximum', 'maximum');
}

function upgradeNull(schema: RawSchema): Upgraded {
  const { nullable, type } = schema;
  const rest = omit(schema, 'nullable');
  if (nullable !== true) return { schema: rest, isNullable: false };
  if (type === undefined) return { schema: rest, isNullable: Object.keys(rest).length > 0 };
  const types = Array.isArray(type) ? type : [type];
  const withNull = types.includes('null') ? types : [...types, 'null'];
  return { schema: { ...rest, type: withNull }, isNullable: false };
}
