import sharp from 'sharp';

/** Home shows a photo 60 CSS pixels wide; a phone's screen has up to three points in each. */
const WIDTH = 180;

/** A kept photo for where it is shown small: JPEG, 180 pixels wide, a few kilobytes. */
export function smallPhoto(kept: Uint8Array): Promise<Uint8Array> {
  return sharp(kept).resize({ width: WIDTH, withoutEnlargement: true }).jpeg({ quality: 72, mozjpeg: true }).toBuffer();
}
