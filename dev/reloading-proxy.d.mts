import type { Server } from 'node:http';

export class ReloadingProxy {
  readonly server: Server;
  forwardTo(address: string): void;
  reload(): void;
  close(): void;
}
