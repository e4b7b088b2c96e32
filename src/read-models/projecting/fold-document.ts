import { type Position, type Recorded, START } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import { type Quarantined, type Stored, UnstorableDocument } from '../read-models.js';
import { errorMessage } from './event-routing.js';

type Fault = Omit<Quarantined, 'key'>;

/** The result of folding events into one document. */
export interface FoldedDocument {
  /** The document afterwards, undefined when it had seen all of them. */
  readonly after?: Stored;
  /** The event whose handler failed; the document stays as before it. */
  readonly fault?: Fault;
}

/** That the store can hold a document. @throws Error */
export type AssertStorable = (projection: Projection, document: unknown) => void;

/** One document while events are folded into it. It owns the document it starts with: the caller must not use that any more. */
export class DocumentFold {
  /** Null: there is no document. */
  private state: unknown;
  private position: Position;
  private first: Position | undefined;
  private failed: Fault | undefined;
  private readonly unreadable: string | undefined;

  constructor(
    private readonly projection: Projection,
    before: Stored | undefined,
  ) {
    this.position = before?.position ?? START;
    this.unreadable = before?.unreadable;
    this.state = before?.document == null ? null : this.opened(before.document);
  }

  /** The event whose handler failed: later events are ignored. */
  get fault(): Fault | undefined {
    return this.failed;
  }

  /** Events come in log order; one that was seen before is ignored. */
  apply(event: Recorded): void {
    const { position } = event;
    if (this.failed || position <= this.position) return;
    const on: Readonly<Record<string, ((state: unknown, event: Recorded) => unknown) | undefined>> = this.projection.on;
    try {
      if (this.unreadable !== undefined) throw new Error(this.unreadable);
      if (event.unknown) throw new Error(`事件 ${event.type} 由更新的版本写入，这个版本不认识`);
      this.state = on[event.type]?.(this.state ?? this.opened(structuredClone(this.projection.empty)), event) ?? null;
      this.first ??= position;
      this.position = position;
    } catch (error) {
      this.failed = { position, error: errorMessage(error) };
    }
  }

  /**
   * The document after all events; the fold ends with it. When an index function throws, or the store cannot hold the document, nothing
   * that was folded is kept.
   */
  close(assertStorable: AssertStorable = () => undefined): FoldedDocument {
    const fault = this.failed;
    if (this.first === undefined) return fault ? { fault } : {};
    try {
      const { state: form, indexes, lookups } = this.projection;
      const document = this.state === null || !form ? this.state : form.close(this.state);
      if (document !== null) for (const listed of [...Object.values(indexes ?? {}), ...Object.values(lookups ?? {})]) listed(document);
      if (document !== null) assertStorable(this.projection, document);
      return { after: { position: this.position, document }, ...(fault && { fault }) };
    } catch (error) {
      return { fault: { position: this.first, error: errorMessage(error) } };
    }
  }

  private opened(document: unknown): unknown {
    return this.projection.state ? this.projection.state.open(document) : document;
  }
}

/** The document after those of the events that it has not seen; `before` is handed over. */
export function foldDocument(projection: Projection, before: Stored | undefined, events: readonly Recorded[], assertStorable?: AssertStorable): FoldedDocument {
  const fold = new DocumentFold(projection, before);
  for (const event of events) fold.apply(event);
  return fold.close(assertStorable);
}

/**
 * Folds and writes, at first without asking whether the store can hold each document, as nearly all can be held. Where it cannot, the
 * documents are folded again and those are quarantined.
 */
export async function storing<T>(assertStorable: AssertStorable, foldAndWrite: (assertStorable?: AssertStorable) => Promise<T>): Promise<T> {
  try {
    return await foldAndWrite();
  } catch (error) {
    if (!(error instanceof UnstorableDocument)) throw error;
    return foldAndWrite(assertStorable);
  }
}
