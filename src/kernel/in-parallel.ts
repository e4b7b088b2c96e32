import pMap, { pMapSkip } from 'p-map';

/**
 * Does work on each item, on at most so many at a time; the answers are in the items' order. The first fault ends it when
 * what is under way is done.
 */
export async function inParallel<Item, Answer>(items: readonly Item[], most: number, work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  let fault: { readonly error: unknown } | undefined;
  const attempt = async (item: Item) => {
    if (fault) return pMapSkip;
    try {
      return await work(item);
    } catch (error) {
      fault ??= { error };
      return pMapSkip;
    }
  };
  const answers = await pMap(items, attempt, { concurrency: most });
  if (fault) throw fault.error;
  return answers;
}
