import pMap, { pMapSkip } from 'p-map';

/**
 * Runs `work` on each item with limited concurrency; the answers are in the items' order. After the first error no item is
 * started, and it is thrown once those under way are done.
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
