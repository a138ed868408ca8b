/** Given to the stubs' Compartment by the perimeter: the errors of a Compartment have no `Error.isError`. */
declare const isNativeError: (value: unknown) => value is Error;

/** Whether a value is truly an error: no proxy and no look-alike passes, and none of its code runs. */
export const isError = isNativeError;
