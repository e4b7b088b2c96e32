import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { assetManifest, assetsFolder } from '../../../src/web/views/view-files.js';

const { addresses } = assetManifest();
const fileOf = (name: string) => join(assetsFolder, String(addresses[name]).replace('/assets/', ''));
const contentText = (name: string) => readFileSync(fileOf(name), 'utf8');

describe('Every asset', () => {
  it.each(Object.keys(addresses))('The asset %s lies beside its compressed forms, which have the same content', (name) => {
    const content = readFileSync(fileOf(name));
    expect(brotliDecompressSync(readFileSync(`${fileOf(name)}.br`)).equals(content)).toBe(true);
    expect(gunzipSync(readFileSync(`${fileOf(name)}.gz`)).equals(content)).toBe(true);
    expect(existsSync(`${fileOf(name)}.map`)).toBe(false);
  });

  it('Every asset names no other host except those of namespaces', () => {
    const hosts = ['look.css', 'office.css', 'office-file.css', 'app.js', 'icons.svg', 'mark.svg'].flatMap(
      (name) => contentText(name).match(/(?:https?:)?\/\/[\w.-]+/g) ?? [],
    );
    expect(hosts.filter((host) => host !== 'http://www.w3.org')).toEqual([]);
  });
});

describe.each([
  ['look.css', 12, 3.5],
  ['office.css', 12, 3.5],
  ['office-file.css', 12, 3.5],
])('The style sheet %s', (name, most, mostSent) => {
  const css = contentText(name);

  it('A style sheet is under 12 KB, and under 3.5 KB compressed (docs/adr/0020)', () => {
    expect(css.length).toBeLessThan(most * 1024);
    expect(statSync(`${fileOf(name)}.br`).size).toBeLessThan(mostSent * 1024);
  });

  it('A style sheet sets font sizes in rem only, so that an app’s setting scales them', () => {
    const sizes = [...css.matchAll(/font-size:([^;}]+)/g)].map(([, size]) => size ?? '');
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes.filter((size) => !size.endsWith('rem'))).toEqual([]);
  });

  it('A style sheet has a line height of at least 1.3', () => {
    const heights = [...css.matchAll(/line-height:([\d.]+)(?=[;}])/g)].map(([, height]) => Number(height));
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(1.3);
  });
});

describe('The style sheet of candidates', () => {
  const css = contentText('look.css');

  it('The style sheet of candidates has no animation for those who prefer reduced motion', () => {
    const moving = css.replace(/@media\s*\(prefers-reduced-motion:no-preference\)\{(?:[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})*\s*\}/, '');
    expect(css).toMatch(/animation|transition/);
    expect(moving).not.toMatch(/animation:|transition:/);
  });
});

describe('The browser script', () => {
  it.each(['app.js', 'office.js', 'office-keys.js'])('The browser script %s stores nothing in the browser and evaluates no text as code', (name) => {
    expect(contentText(name)).not.toMatch(/localStorage|sessionStorage|indexedDB|\beval\(|new Function/);
  });
});
