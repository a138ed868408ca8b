/**
 * Shares whole minutes out by weight; the shares add up to the total.
 * @param weights at least one above 0
 */
export function shareMinutes(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let weightSoFar = 0;
  let givenSoFar = 0;
  return weights.map((weight) => {
    weightSoFar += weight;
    const share = Math.round((total * weightSoFar) / sum) - givenSoFar;
    givenSoFar += share;
    return share;
  });
}
