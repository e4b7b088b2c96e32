/** The part that the benchmarks use. */
declare module 'autocannon' {
  export interface Request {
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  interface Options {
    readonly url: string;
    readonly connections: number;
    /** In seconds. */
    readonly duration: number;
    readonly requests: readonly Request[];
  }

  interface Result {
    /** In seconds. */
    readonly duration: number;
    readonly errors: number;
    readonly non2xx: number;
    readonly requests: { readonly total: number };
  }

  export default function autocannon(options: Options): Promise<Result>;
}
