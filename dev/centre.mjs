import 'reflect-metadata';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A centre of `npm run dev`. It loads the packages in advance, which takes half of the time of a start, and starts at the first message. */
const begin = once(process, 'message');
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
await Promise.allSettled(Object.keys(dependencies).map((name) => import(name))); // some packages contain no code
await begin;
const { start } = await import('../dist/src/main.js');
const { Views } = await import('../dist/src/web/views/views.js');

/** Each further message reloads templates, scripts and styles without a restart. */
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

const { address, demo, officers, sandboxes, stop } = await start();
process.send({ address, demo, officers, sandboxes });
// the listeners stay: Ctrl+C arrives twice, from the terminal and from the parent process
await new Promise((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve).on('disconnect', resolve));
await stop();
process.exit();
