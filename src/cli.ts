import { knownCommands } from './cli/known-commands.js';
import { flushOutput, ignoreBrokenPipe } from './cli/program/output.js';
import { main } from './cli/program/program.js';

ignoreBrokenPipe();
process.exitCode = (await main(process.argv.slice(2), knownCommands)) || process.exitCode;
await flushOutput();
// gRPC could keep the process alive for minutes by a connection attempt that outlives its closed channel
process.exit();
