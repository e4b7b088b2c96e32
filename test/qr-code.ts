import jsqr from 'jsqr';
import type { Sharp } from 'sharp';

/** What a phone reads from a picture of a QR code; undefined where it sees none. */
export async function readQrCode(picture: Sharp): Promise<string | undefined> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data;
}
