import 'reflect-metadata';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A centre as `npm run dev` starts it: packages are loaded ahead, which is half of a start; the rest waits for the first message. */
const begin = once(process, 'message');
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
await Promise.allSettled(Object.keys(dependencies).map((name) => import(name))); // some hold files alone
await begin;
const { start } = await import('../dist/src/main.js');
const { Views } = await import('../dist/src/web/views/views.js');

/** Templates and the browser's files are read anew, without a restart, after each further message. */
let fresh;
process.on('message', () => {
  fresh = undefined;
});
for (const name of ['render', 'fragment']) {
  const made = Views.prototype[name];
  Views.prototype[name] = function anew(...given) {
    fresh ??= new Views(this.site);
    return made.apply(fresh, given);
  };
}

const { address, demo, sandboxes, stop } = await start();
process.send({ address, demo, sandboxes });
// the listeners stay: Ctrl+C in a terminal comes twice, from it and from the process above
await new Promise((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve).on('disconnect', resolve));
await stop();
process.exit();
