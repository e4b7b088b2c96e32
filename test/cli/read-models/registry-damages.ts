import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Registry } from '../../../src/read-models/registry.js';

/** A place in the registry of a folder's read models is set to this value, or removed. */
export function setInRegistry(folder: string, path: string, value?: string | number): void {
  inFile(folder, (db) => {
    const [changed, ...values] = value === undefined ? ['json_remove(document, ?)'] : ['json_set(document, ?, ?)', value];
    db.prepare(`UPDATE registry SET document = ${changed}`).run(path, ...values);
  });
}

/** The place of a build in the registry. */
export function placeInRegistry(folder: string, build: string): string {
  return inFile(folder, (db) => {
    const { document } = db.prepare('SELECT document FROM registry').get() as { document: string };
    const { builds } = JSON.parse(document) as Pick<Registry, 'builds'>;
    return `$.builds[${builds.findIndex(({ name }) => name === build)}]`;
  });
}

function inFile<T>(folder: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(folder, 'read-models.sqlite'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Damages of the registry: what is said of each, and what makes it. */
export const registryDamages: readonly { readonly name: string; readonly named: RegExp; make(folder: string): void }[] = [
  {
    name: 'an empty registry',
    named: /read-models\.sqlite 已损坏（读模型的登记表 registry 缺少内容）/,
    make: (folder) => inFile(folder, (db) => db.exec("UPDATE registry SET document = '{}'")),
  },
  {
    name: 'a registry that serves a build of another read model',
    named: /read-models\.sqlite 已损坏（读模型的登记表 registry 中 sittings 的版本写成了 bills@2）/,
    make: (folder) => setInRegistry(folder, '$.serving.sittings', 'bills@2'),
  },
  {
    name: 'a registry without its installation',
    named: /^读模型没有记下属于哪个安装/,
    make: (folder) => setInRegistry(folder, '$.installation'),
  },
  {
    name: 'a registry without a build that it serves',
    named: /^登记为正在使用的 sittings@2 不存在/,
    make: (folder) => setInRegistry(folder, placeInRegistry(folder, 'sittings@2')),
  },
  {
    name: 'a served build that is said to be being made',
    named: /^正在使用的 sittings@2 还没有建成/,
    make: (folder) => setInRegistry(folder, `${placeInRegistry(folder, 'sittings@2')}.state`, 'building'),
  },
  {
    name: 'a build with the fingerprint of other code',
    named: /^sittings@2 是由另外的代码生成的/,
    make: (folder) => setInRegistry(folder, `${placeInRegistry(folder, 'sittings@2')}.fingerprint`, '0123456789abcdef'),
  },
];
