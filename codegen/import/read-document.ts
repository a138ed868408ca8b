export async function readDocument(location: string, options: object): Promise<never> {
  throw new Error(location + String(options));
}
