import sharp from 'sharp';

/** 5 MB, by the rule of registration. */
export const LARGEST_PHOTO = 5 * 1024 * 1024;
/** The size that registration asks for at least; no page shows a larger one. */
const KEPT = { width: 400, height: 576 };
/** A camera's largest pictures; more would be a picture made to fill the memory. */
const MAX_PIXELS = 100_000_000;

/** A photo that cannot be taken; its message is for the person who sent it. */
export class BadPhoto extends Error {
  override readonly name = 'BadPhoto';
}

/**
 * A registration photo as it is kept: JPEG, at most 400×576, upright, without what the camera wrote into it.
 * @throws BadPhoto when it is over 5 MB, not JPEG, or broken
 */
export async function keptPhoto(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length > LARGEST_PHOTO) throw new BadPhoto('照片超过 5 MB');
  // a JPEG begins so; asked first, so that no other decoder is ever given a stranger's bytes
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) throw new BadPhoto('照片不是 JPG 文件');
  try {
    // 'warning', since data that end early behind an end mark, or a header of more rows than there are, are no more to libjpeg
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning' })
      .autoOrient()
      .resize({ ...KEPT, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 88 })
      .toBuffer();
  } catch (error) {
    throw new BadPhoto('照片文件已损坏，无法打开', { cause: error });
  }
}
