/** Three decimals: more than that, a share or a score does not tell. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
