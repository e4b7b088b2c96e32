/** The part of the package that receipts use. */
declare module 'subset-font' {
  interface Options {
    readonly targetFormat: 'sfnt';
    /** Pins axes of a variable font to one value. */
    readonly variationAxes: Readonly<Record<string, number>>;
  }

  /** The font with only the characters of a text. */
  export default function subsetFont(font: Buffer, text: string, options: Options): Promise<Buffer>;
}
