/** The operator or the system ended a command; what is done stays. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Comes when the command is to end: with Ctrl-C, or when the system goes down. */
export function interruption(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(new Interrupted('已中断；再次运行同一条命令即可继续')));
  return stopping.signal;
}
