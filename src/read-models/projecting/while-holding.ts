/**
 * Does work for as long as a lease is held: shows a sign of life every so often, and ends the work by its signal when that
 * says that the lease is gone, or fails.
 * @param held a sign of life: whether the lease is still ours, and the work still as it should be done
 * @param every milliseconds between two of them
 * @param work is also given what ends it from within; what it has in hand it finishes
 * @throws what `work` throws, and otherwise what a sign of life threw
 */
export async function whileHolding(
  held: () => Promise<boolean>,
  every: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, end: () => void) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  let fault: unknown;
  let beat: Promise<void> | undefined;
  const beatOnce = async () => {
    try {
      if (!(await held())) over.abort();
    } catch (error) {
      fault = error;
      over.abort();
    }
    beat = undefined;
  };
  const beating = setInterval(() => {
    beat ??= beatOnce();
  }, every);
  try {
    await work(AbortSignal.any([signal, over.signal]), () => over.abort());
    if (fault) throw fault;
  } finally {
    clearInterval(beating);
    await beat; // it would take again what is given up next
  }
}
