import { DamagedFile } from '../sqlite/sqlite-errors.js';
import type { Remedy } from './remedies.js';

/** A stored document that is not JSON. It can be sent between threads as its fields. */
export class DamagedDocument extends DamagedFile {
  constructor(
    readonly file: string,
    readonly build: string,
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`${file} 已损坏（${build} 的文档 ${key} 不是 JSON）`, options);
  }

  get remedies(): readonly Remedy[] {
    return [{ kind: 'repair', build: this.build, key: this.key }];
  }
}
