/** Types of what the sandbox has and no library of TypeScript declares without a browser's or Node's. */
export const SANDBOX_TYPES = `
interface IteratorConstructor {
  concat<T>(...iterables: Iterable<T>[]): IteratorObject<T, undefined, unknown>;
}
interface JSON {
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): boolean;
}
interface ErrorConstructor {
  captureStackTrace(error: object, constructor?: Function): void;
  prepareStackTrace?: (error: Error, frames: any[]) => any;
  stackTraceLimit: number;
}
interface Date {
  getYear(): number;
  setYear(year: number): number;
  toGMTString(): string;
}
interface ArrayBuffer {
  readonly immutable: boolean;
  sliceToImmutable(start?: number, end?: number): ArrayBuffer;
  transferToImmutable(newByteLength?: number): ArrayBuffer;
}
`;
