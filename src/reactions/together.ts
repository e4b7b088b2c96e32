/**
 * Does several works at once; when one ends or fails, the others are ended.
 * @throws what the first of them, in their order, threw
 */
export async function together(end: () => void, works: readonly (() => Promise<void>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(works.map((work) => work().finally(end)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
