/**
 * The names of the language that programs have; the guest's own come beside them. A name that is missing here
 * is missing in the sandbox too, whatever the engine or SES brings along: the decoders of the platform hand out
 * native objects of the process, which all programs of a worker would share.
 */
export const LANGUAGE_NAMES: readonly string[] = [
  ...['globalThis', 'undefined', 'NaN', 'Infinity'],
  ...['isFinite', 'isNaN', 'parseFloat', 'parseInt'],
  ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'],
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'BigInt', 'Symbol', 'Math', 'Date', 'RegExp'],
  ...['JSON', 'Reflect', 'Proxy', 'Promise', 'Iterator', 'Map', 'Set', 'WeakMap', 'WeakSet'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...['URIError', 'ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array'],
  ...['Uint16Array', 'Int32Array', 'Uint32Array', 'BigInt64Array', 'BigUint64Array', 'Float16Array'],
  ...['Float32Array', 'Float64Array'],
];
