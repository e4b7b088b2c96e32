import { randomBytes } from 'node:crypto';
import { CallTimeout, TransientError, translateCallError } from '../errors.js';
import { type AppendCall, type BatchAppendReq, type BatchAppendResp, UUID } from '../protocol.js';

/** An append that waits for its response. */
interface PendingAppend {
  resolve(answer: BatchAppendResp): void;
  reject(error: unknown): void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Sends the appends of one node through one open BatchAppend call. Each append has its own timeout, and all are rejected when the call
 * breaks; their outcome is then unknown. Late responses are ignored.
 */
export class BatchAppender {
  private call: AppendCall | undefined;
  private readonly pending = new Map<number, PendingAppend>();
  /** The first half of the correlation ids; the second half is a counter. */
  private readonly ids = `${randomBytes(4).toString('hex')}-${randomBytes(2).toString('hex')}-4000`;
  private sent = 0;
  private ended = false;

  constructor(private readonly open: () => AppendCall) {}

  /**
   * Sends an append and waits `ms` for its response.
   * @throws CallTimeout, TransientError, or the error that ended the call; the outcome of the append is then unknown
   */
  append(request: BatchAppendReq, ms: number): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw new TransientError('已离开这个节点');
      this.call ??= this.openCall();
      this.sent += 1;
      const { sent } = this;
      request.setCorrelationId(new UUID().setString(this.idOf(sent)));
      const timer = setTimeout(() => this.timeOut(sent, ms), ms);
      this.pending.set(sent, { resolve, reject, timer });
      this.call.write(request);
    });
  }

  /** Accepts no more appends; waits for those already sent. */
  end(): void {
    this.ended = true;
    if (this.pending.size === 0) this.call?.cancel();
  }

  private openCall(): AppendCall {
    const call = this.open();
    call.on('data', (answer: BatchAppendResp) => this.handleResponse(answer));
    call.on('error', (error: unknown) => this.handleBrokenCall(call, translateCallError(error)));
    call.on('end', () => this.handleBrokenCall(call, new TransientError('服务器结束了连接')));
    return call;
  }

  /** Rejects in a later turn of the event loop, so that a busy process reads a response that has arrived first. */
  private timeOut(sent: number, ms: number): void {
    setImmediate(() => this.remove(sent)?.reject(new CallTimeout(ms)));
  }

  private handleResponse(answer: BatchAppendResp): void {
    const id = answer.getCorrelationId();
    const structured = id?.getStructured();
    const sent = structured ? Number(structured.getLeastSignificantBits()) : Number.parseInt(id?.getString().slice(-12) ?? '', 16);
    this.remove(sent)?.resolve(answer);
  }

  private remove(sent: number): PendingAppend | undefined {
    const waiting = this.pending.get(sent);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    this.pending.delete(sent);
    if (this.ended && this.pending.size === 0) this.call?.cancel();
    return waiting;
  }

  private handleBrokenCall(call: AppendCall, error: unknown): void {
    if (call !== this.call) return;
    this.call = undefined;
    for (const sent of [...this.pending.keys()]) this.remove(sent)?.reject(error);
    call.cancel();
  }

  private idOf(sent: number): string {
    return `${this.ids}-0000-${sent.toString(16).padStart(12, '0')}`;
  }
}
