import { TestServer } from '../test/event-store/eventstoredb/test-server/test-server.js';

/** Runs the tests' server in a process of its own. */
const { port } = await TestServer.start();
process.stdout.write(`${JSON.stringify({ address: `esdb://127.0.0.1:${port}?tls=false` })}\n`);
