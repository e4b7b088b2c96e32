/** What a command ends with (docs/operating.md, "The command line"). */
export const EXIT = {
  well: 0,
  /** Something differs, was kept out, was refused or failed. */
  differs: 1,
  /** The command line or a setting is wrong: nothing was begun. */
  wrongUse: 2,
  /** A store cannot be reached, does not answer, or is not the one of this centre. */
  unreachable: 3,
  interrupted: 130,
} as const;
