import cluster from 'node:cluster';
import { Injectable } from '@nestjs/common';
import type { FromWebProcess, ToWebProcess } from './process-messages.js';

/** Messages between the web processes on one topic. */
export interface Channel<Message> {
  /** All other processes receive it a moment later. */
  send(message: Message): void;
  onMessage(handle: (message: Message) => void): void;
}

/** Broadcasts to the other web processes of this machine; does nothing where there is only one. */
@Injectable()
export class PeerProcesses {
  /** The channel of a topic; messages are JSON. */
  channel<Message>(topic: string): Channel<Message> {
    if (!cluster.isWorker) return { send: () => undefined, onMessage: () => undefined };
    return {
      send: (message) => sendToPrimary({ kind: 'broadcast', topic, message }),
      onMessage: (handle) => onPrimaryMessage((message) => message.kind === 'broadcast' && message.topic === topic && handle(message.message as Message)),
    };
  }
}

/** Sends nothing once the primary is gone: this process ends then. */
export function sendToPrimary(message: FromWebProcess): void {
  if (process.connected) process.send?.(message);
}

export function onPrimaryMessage(handle: (message: ToWebProcess) => void): void {
  process.on('message', (message: ToWebProcess) => handle(message));
}
