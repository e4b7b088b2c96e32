import type { Server } from 'node:http';

export class ReloadingProxy {
  readonly server: Server;
  leadTo(address: string): void;
  reload(): void;
  close(): void;
}
