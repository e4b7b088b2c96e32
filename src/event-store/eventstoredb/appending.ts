import { randomBytes } from 'node:crypto';
import { faultOf, NoAnswer, Passing } from './faults.js';
import { type AppendCall, type BatchAppendReq, type BatchAppendResp, UUID } from './protocol.js';

/** Who waits for the answer to an append. */
interface Waiting {
  resolve(answer: BatchAppendResp): void;
  reject(error: unknown): void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The appends of one node, all through one call of the server's that stays open. Each has its own limit in time, and each is
 * rejected when the call breaks: its outcome is not known then. An answer that comes after that is nobody's.
 */
export class Appending {
  private call: AppendCall | undefined;
  private readonly waiting = new Map<number, Waiting>();
  /** The first half of the ids of this table's appends; the second half counts them. */
  private readonly ids = `${randomBytes(4).toString('hex')}-${randomBytes(2).toString('hex')}-4000`;
  private sent = 0;
  private ended = false;

  constructor(private readonly open: () => AppendCall) {}

  /**
   * Sends an append and waits `ms` for its answer.
   * @throws NoAnswer, Passing, or the error that ended the call; what became of the append is not known
   */
  append(request: BatchAppendReq, ms: number): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw new Passing('the node was left');
      this.call ??= this.opened();
      this.sent += 1;
      const { sent } = this;
      request.setCorrelationId(new UUID().setString(this.idOf(sent)));
      const timer = setTimeout(() => this.giveUp(sent, ms), ms);
      this.waiting.set(sent, { resolve, reject, timer });
      this.call.write(request);
    });
  }

  /** No append begins any more; those under way are waited for. */
  end(): void {
    this.ended = true;
    if (this.waiting.size === 0) this.call?.cancel();
  }

  private opened(): AppendCall {
    const call = this.open();
    call.on('data', (answer: BatchAppendResp) => this.take(answer));
    call.on('error', (error: unknown) => this.broken(call, faultOf(error)));
    call.on('end', () => this.broken(call, new Passing('the server has ended the call')));
    return call;
  }

  /** On the next turn of the event loop: a process that was busy hears that the time is up before it hears the answer. */
  private giveUp(sent: number, ms: number): void {
    setImmediate(() => this.taken(sent)?.reject(new NoAnswer(ms)));
  }

  private take(answer: BatchAppendResp): void {
    const id = answer.getCorrelationId();
    const structured = id?.getStructured();
    const sent = structured ? Number(structured.getLeastSignificantBits()) : Number.parseInt(id?.getString().slice(-12) ?? '', 16);
    this.taken(sent)?.resolve(answer);
  }

  private taken(sent: number): Waiting | undefined {
    const waiting = this.waiting.get(sent);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    this.waiting.delete(sent);
    if (this.ended && this.waiting.size === 0) this.call?.cancel();
    return waiting;
  }

  private broken(call: AppendCall, error: unknown): void {
    if (call !== this.call) return;
    this.call = undefined;
    for (const sent of [...this.waiting.keys()]) this.taken(sent)?.reject(error);
    call.cancel();
  }

  private idOf(sent: number): string {
    return `${this.ids}-0000-${sent.toString(16).padStart(12, '0')}`;
  }
}
