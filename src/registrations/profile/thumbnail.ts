/** Home shows a photo 60 CSS pixels wide, and a phone's screen has up to three pixels for each. */
const WIDTH = 180;

/** A small version of a photo: JPEG, 180 pixels wide, a few kilobytes. */
export async function thumbnail(photo: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(photo).resize({ width: WIDTH, withoutEnlargement: true }).jpeg({ quality: 72, mozjpeg: true }).toBuffer();
}
