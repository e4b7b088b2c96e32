import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** A stream sent from a route of Fastify's own is marked as compressed and is not. */
const AS_THEY_ARE = { compress: false, config: { public: 'what apps ask for at the root' } } as const;

/**
 * Check files that apps ask for at the root of the host: each by its own name, however an address writes it, and nothing else of the
 * folder's. Which files there are is read once; a name is a parameter, for as a pattern of the router's it would mean another.
 */
export async function serveRootFiles(fastify: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  await fastify.register(files, { root, serve: false, decorateReply: true });
  const names = new Set(readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() && !entry.name.startsWith('.') ? [entry.name] : [])));
  fastify.get<{ Params: { file: string } }>('/:file', AS_THEY_ARE, ({ params: { file } }, reply) => {
    if (!names.has(file)) return reply.callNotFound();
    return reply.sendFile(file, root);
  });
}
