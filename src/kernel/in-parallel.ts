/**
 * Does work on each item, on at most so many at a time; the answers are in the items' order. The first fault ends it when
 * what is under way is done.
 */
export async function inParallel<Item, Answer>(items: readonly Item[], most: number, work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers = new Array<Answer>(items.length);
  const waiting = items.entries();
  let failed = false;
  const worker = async () => {
    for (const [at, item] of waiting) {
      if (failed) return;
      try {
        answers[at] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return answers;
}
