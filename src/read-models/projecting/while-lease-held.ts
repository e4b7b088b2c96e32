/**
 * Runs work while a lease is held: sends heartbeats, and aborts the work's signal when one fails or says that the lease is lost.
 * @param held sends a heartbeat; false when the lease is lost or the work must be started anew
 * @param every milliseconds between heartbeats
 * @param work also gets a function that aborts its own signal; it finishes the batch in hand
 * @throws what `work` throws, and otherwise what a heartbeat threw
 */
export async function whileLeaseHeld(
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
    await beat; // a late heartbeat would acquire the lease again after its release
  }
}
