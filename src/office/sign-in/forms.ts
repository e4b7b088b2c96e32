import { z } from 'zod';

/** What people type; nothing for what is no text or far too long. */
export const text = z.string().max(2_000).catch('');

/** What a browser sends of a passkey, as JSON. */
export const passkeyText = z.string().max(20_000).catch('');

/** The name of an account however it was typed: names have small letters alone. */
export const accountName = text.transform((typed) => typed.normalize('NFKC').trim().toLowerCase().slice(0, 64));

const LONGEST_NAME = 40;

/** How the owner of a passkey tells it from others. */
export function passkeyName(typed: string): string {
  return typed.trim().slice(0, LONGEST_NAME) || '通行密钥';
}
