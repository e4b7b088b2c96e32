import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** @fastify/compress marks a stream of such a route as compressed and does not compress it. */
const UNCOMPRESSED = { compress: false, config: { public: 'what apps ask for at the root' } } as const;

/**
 * Serves the verification files that apps ask for at the root of the host: the files that the folder holds at the start, and nothing else.
 * A name is a parameter of the route, because the router would read it as a pattern.
 */
export async function serveRootFiles(fastify: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  await fastify.register(files, { root, serve: false, decorateReply: true });
  const names = new Set(readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() && !entry.name.startsWith('.') ? [entry.name] : [])));
  fastify.get<{ Params: { file: string } }>('/:file', UNCOMPRESSED, ({ params: { file } }, reply) => {
    if (!names.has(file)) return reply.callNotFound();
    return reply.sendFile(file, root);
  });
}
