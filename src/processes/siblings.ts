import cluster from 'node:cluster';
import { Injectable } from '@nestjs/common';
import type { FromWebProcess, ToWebProcess } from './words.js';

/** A way to the others of one's kind. */
export interface Channel<Word> {
  /** All others hear it, a moment later. */
  tell(word: Word): void;
  hear(handle: (word: Word) => void): void;
}

/** The other web processes of this centre: nobody, where there is but one. */
@Injectable()
export class Siblings {
  /** A channel with a name of its own; words are JSON. */
  channel<Word>(topic: string): Channel<Word> {
    if (!cluster.isWorker) return { tell: () => undefined, hear: () => undefined };
    return {
      tell: (word) => tellPrimary({ kind: 'told', topic, word }),
      hear: (handle) => hearPrimary((message) => message.kind === 'told' && message.topic === topic && handle(message.word as Word)),
    };
  }
}

/** What is said when the primary is gone is said to nobody: the process ends. */
export function tellPrimary(message: FromWebProcess): void {
  if (process.connected) process.send?.(message);
}

export function hearPrimary(handle: (message: ToWebProcess) => void): void {
  process.on('message', (message: ToWebProcess) => handle(message));
}
