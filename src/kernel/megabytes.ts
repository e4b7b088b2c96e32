/** In millions of bytes, rounded up. */
export function inMegabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
