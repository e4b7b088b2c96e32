/** 5 MB, by the rule of registration. */
export const MAX_PHOTO_BYTES = 5 * 1024 * 1024;
/** The minimum size by the rule of registration; no page shows a larger one. */
const MAX_SIZE = { width: 400, height: 576 };
/** More than any camera's picture: a larger one would be made to exhaust the memory. */
const MAX_PIXELS = 100_000_000;

/** A photo is refused. The message is for the person who sent it. */
export class BadPhoto extends Error {
  override readonly name = 'BadPhoto';
}

/**
 * A registration photo as it is stored: JPEG, at most 400×576, upright, without metadata.
 * @throws BadPhoto when it is over 5 MB, not JPEG, or broken
 */
export async function normalizedPhoto(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length > MAX_PHOTO_BYTES) throw new BadPhoto('照片超过 5 MB');
  // checks JPEG's first bytes, so that no other decoder ever gets untrusted data
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) throw new BadPhoto('照片不是 JPG 文件');
  const { default: sharp } = await import('sharp');
  try {
    // 'warning', because libjpeg only warns about data that end early or have fewer rows than the header says
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning' })
      .autoOrient()
      .resize({ ...MAX_SIZE, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 88 })
      .toBuffer();
  } catch (error) {
    throw new BadPhoto('照片文件已损坏，无法打开', { cause: error });
  }
}
