import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';
import { MAX_PHOTO_BYTES, normalizedPhoto } from '../../src/vault/photo.js';
import { Photos } from '../../src/vault/photos.js';
import { SqliteVault } from '../../src/vault/sqlite/vault.js';
import type { Safe, Vault } from '../../src/vault/vault.js';

const folder = mkdtempSync(join(tmpdir(), 'photos-'));
const photos = new Photos(join(folder, 'photos'));
const blue = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#438edb' } });
let vault: Vault;
let safe: Safe;
let other: Safe;
let jpeg: Buffer;

beforeAll(async () => {
  vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
  safe = await vault.findOrCreateSafe({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
  other = await vault.findOrCreateSafe({ admissionNo: '010512345679', citizenNo: '11010519491231002X', name: '李四' });
  jpeg = await blue(1200, 1728)
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .jpeg()
    .toBuffer();
});
afterAll(async () => {
  await vault.close();
  rmSync(folder, { recursive: true });
});

const files = () =>
  readdirSync(join(folder, 'photos'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** A photo whose data are as long as a real one's. */
async function noisy(options: { readonly progressive?: boolean } = {}): Promise<Buffer> {
  const { data, info } = await sharp({
    create: { width: 800, height: 1152, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: info }).jpeg(options).toBuffer();
}

const END = Buffer.from([0xff, 0xd9]);
const cutAt = (part: number) => (photo: Buffer) => Buffer.concat([photo.subarray(0, Math.floor(photo.length * part)), END]);
/** Changes the height in the frame header. */
const claiming = (rows: number) => (photo: Buffer) => {
  const changed = Buffer.from(photo);
  const frame = changed.findIndex((byte, at) => byte === 0xff && (changed[at + 1] === 0xc0 || changed[at + 1] === 0xc2));
  changed.writeUInt16BE(changed.readUInt16BE(frame + 5) + rows, frame + 5);
  return changed;
};

describe('An incomplete photo', () => {
  it.each([
    ['ends in the middle behind a proper end mark', cutAt(0.5)],
    ['lacks its last part behind a proper end mark', cutAt(0.97)],
    ['claims twice the rows that there are', claiming(1_152)],
    ['claims some rows more than there are', claiming(32)],
    ['ends in the middle', (photo: Buffer) => photo.subarray(0, photo.length / 2)],
  ])('An incomplete photo is refused when it %s, baseline or progressive, and accepted when it is complete', async (_, broken) => {
    for (const progressive of [false, true]) {
      const photo = await noisy({ progressive });
      await expect(normalizedPhoto(broken(photo))).rejects.toThrow('照片文件已损坏，无法打开');
      await expect(normalizedPhoto(photo)).resolves.toBeInstanceOf(Uint8Array);
    }
  });

  it('An incomplete photo is not one with extra bytes at its end, which some programs add', async () => {
    await expect(normalizedPhoto(Buffer.concat([await noisy(), Buffer.alloc(64)]))).resolves.toBeInstanceOf(Uint8Array);
  });
});

describe('A stored photo', () => {
  it('A stored photo is returned as JPEG, no larger than pages need, without metadata', async () => {
    const digest = await photos.put(safe, jpeg);
    const back = (await photos.get(safe, digest)) as Uint8Array;
    const { format, width, height, exif } = await sharp(back).metadata();
    expect({ format, width, height, exif }).toEqual({ format: 'jpeg', width: 400, height: 576, exif: undefined });
  });

  it('A stored photo is one sealed and private file, however often the same bytes are stored', async () => {
    const digest = await photos.put(safe, jpeg);
    const [first, ...more] = files();
    expect(more).toEqual([]);
    const before = readFileSync(first as string);
    expect(await photos.put(safe, jpeg)).toBe(digest);
    expect(files()).toEqual([first]);
    expect(readFileSync(first as string)).toEqual(before);
    expect(statSync(first as string).mode & 0o777).toBe(0o600);
    const clear = Buffer.from((await photos.get(safe, digest)) as Uint8Array);
    for (let at = 0; at + 16 <= clear.length; at += 16) expect(before.includes(clear.subarray(at, at + 16))).toBe(false);
  });

  it('A stored photo is not found for another candidate, even by its digest', async () => {
    const digest = await photos.put(safe, jpeg);
    expect(await photos.get(other, digest)).toBeUndefined();
    expect(() => other.openBytes(readFileSync(files()[0] as string))).toThrow();
  });

  it('A stored photo cannot be read after the candidate was forgotten', async () => {
    const leaving = await vault.findOrCreateSafe({ admissionNo: '010512345670', citizenNo: '1', name: '王五' });
    const digest = await photos.put(leaving, jpeg);
    await vault.forget(leaving.id);
    expect(await photos.get(await vault.safe(leaving.id), digest)).toBeUndefined();
    await expect(photos.put(await vault.safe(leaving.id), jpeg)).rejects.toThrow('forgotten');
  });

  it('A stored photo is not resized when it is small', async () => {
    const { width, height } = await sharp(await normalizedPhoto(await blue(100, 144).jpeg().toBuffer())).metadata();
    expect([width, height]).toEqual([100, 144]);
  });
});

describe.each([100, 0])('A stored photo that was truncated to %i bytes', (length) => {
  const cut = async () => {
    const digest = await photos.put(other, jpeg);
    const file = files().find((each) => each.includes(other.id)) as string;
    truncateSync(file, length);
    return { digest, file };
  };

  it('A stored photo that was truncated is reported in one line with the remedy', async () => {
    const { digest, file } = await cut();
    const said: unknown = await photos.get(other, digest).catch((error: unknown) => error);
    expect(said).toBeInstanceOf(DamagedFile);
    expect((said as Error).message).toMatch(new RegExp(`^${file} 已损坏.*：请重新导入这张照片[^\n]*$`));
  });

  it('A stored photo that was truncated is replaced when the same bytes are stored again', async () => {
    const { digest, file } = await cut();
    expect(await photos.put(other, jpeg)).toBe(digest);
    expect(files().filter((each) => each.includes(other.id))).toEqual([file]);
    expect(await photos.get(other, digest)).toEqual(await normalizedPhoto(jpeg).then((kept) => Buffer.from(kept)));
  });
});

describe('A photo is refused', () => {
  it('A photo is refused when it is over 5 MB', () => expect(normalizedPhoto(new Uint8Array(MAX_PHOTO_BYTES + 1))).rejects.toThrow('照片超过 5 MB'));
  it('A photo is refused when it is a PNG', async () => {
    await expect(normalizedPhoto(await blue(400, 576).png().toBuffer())).rejects.toThrow('照片不是 JPG 文件');
  });
  it('A photo is refused when it is truncated', () => expect(normalizedPhoto(jpeg.subarray(0, jpeg.length / 2))).rejects.toThrow('照片文件已损坏，无法打开'));
  it('A photo is refused with a reason whatever its bytes are', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, begun) =>
        expect(normalizedPhoto(begun ? Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), bytes]) : bytes)).rejects.toThrow(/^照片/),
      ),
      { numRuns: 50 },
    ));
});
