/** What an operator can do about read models. cli/program/remedies.ts has the commands. */
export type Remedy =
  /** `repair-vault`: what of the vault follows from the log is written anew. */
  | { readonly kind: 'catch-up' | 'status' | 'repair-vault' }
  /** `rebuild`: it is replayed, and the new build is served; `switch-newest`: its newest build is served. */
  | { readonly kind: 'replay' | 'rebuild' | 'switch-newest'; readonly readModel: string }
  | { readonly kind: 'switch' | 'cancel' | 'repair-all' | 'retry-all'; readonly build: string }
  | { readonly kind: 'repair' | 'retry'; readonly build: string; readonly key: string }
  /** `sample`: only some documents are verified; `spool-elsewhere`: on a disk with more space. */
  | { readonly kind: 'sample' | 'spool-elsewhere' };
