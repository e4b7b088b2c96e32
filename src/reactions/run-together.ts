/**
 * Runs several tasks concurrently; when one ends or fails, `end` is called to end the others.
 * @throws the first error in the order of the tasks
 */
export async function runTogether(end: () => void, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks.map((task) => task().finally(end)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
