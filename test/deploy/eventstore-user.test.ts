import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const SCRIPT = pathOf('deploy/eventstore-user.sh');
const MANUAL = readFileSync(pathOf('docs/operating.md'), 'utf8');
/** Writes down what it is asked to send, and answers that the user is there and that all was written. */
const CURL = `#!/bin/sh
for each; do
  case "$before" in --data) echo "$each" >> "$SENT"; status=201;; esac
  before=$each
done
printf %s "\${status:-200}"
`;

it('The compose file gives the log’s user the rights that the manual says the centre needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-user-'));
  const sent = join(folder, 'sent');
  writeFileSync(join(folder, 'curl'), CURL, { mode: 0o755 });
  execFileSync('sh', [SCRIPT], { env: { PATH: `${folder}:${process.env.PATH}`, SENT: sent, ADMIN_PASSWORD: 'a', PASSWORD: 'b' } });
  const given = readFileSync(sent, 'utf8').trim().split('\n').map(rightsIn);
  rmSync(folder, { recursive: true });
  const said = [...MANUAL.matchAll(/-d '(\[\{"eventId".*\}\])'/g)].map(([, text = '']) => rightsIn(text.replace(`'$(uuidgen)'`, '')));
  expect(said).toHaveLength(2);
  expect(given).toEqual(said);
});

function rightsIn(events: string): unknown {
  const [{ eventType, data }] = JSON.parse(events) as [{ readonly eventType: string; readonly data: unknown }];
  return { eventType, data };
}
