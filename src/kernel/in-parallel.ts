import pMap, { pMapSkip } from 'p-map';

/**
 * Runs `work` on each item with limited concurrency; results are in the items' order. After the first error no other item is
 * started; the error is thrown when those already started have ended.
 */
export async function inParallel<Item, Result>(items: readonly Item[], concurrency: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  let failure: { readonly error: unknown } | undefined;
  const attempt = async (item: Item) => {
    if (failure) return pMapSkip;
    try {
      return await work(item);
    } catch (error) {
      failure ??= { error };
      return pMapSkip;
    }
  };
  const results = await pMap(items, attempt, { concurrency });
  if (failure) throw failure.error;
  return results;
}
