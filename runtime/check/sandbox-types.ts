/** Types of what the sandbox has and no library of TypeScript declares without a browser's or Node's. */
export const SANDBOX_TYPES = `
interface IteratorConstructor {
  concat<T>(...iterables: Iterable<T>[]): IteratorObject<T, undefined, unknown>;
}
interface JSON {
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): boolean;
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
