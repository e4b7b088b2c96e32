import { kindNamed } from './files/import-file.js';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { AppModule } from '../composition/app.module.js';
import { knownFiles } from '../composition/known-files.js';
import { goAfterPages } from '../kernel/priority.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { readSettings } from '../settings/settings.js';
import { DamagedFile } from '../sqlite/faults.js';
import { Vault } from '../vault/vault.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './check-piece.js';
import { type RecordedRows, type RowsToRecord, recordRows } from './record-rows.js';

/** A store cannot be used now, or is damaged: said as a value, since an error loses its class between threads. */
export type Fault = { readonly unavailable: string } | { readonly damaged: string };

goAfterPages();

let opened: Promise<{ readonly commands: CommandBus; readonly vault: Vault }> | undefined;

async function open() {
  const module = AppModule.withoutPages(readSettings(process.env));
  const application = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  return { commands: application.get(CommandBus), vault: application.get(Vault) };
}

export function check(piece: PieceToCheck): Promise<CheckedPiece> {
  return checkPiece(kindNamed(knownFiles, piece.kind), piece);
}

export async function record(rows: RowsToRecord): Promise<RecordedRows | Fault> {
  opened ??= open();
  try {
    const { commands, vault } = await opened;
    return await recordRows(knownFiles, rows, commands, vault);
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    if (error instanceof DamagedFile) return { damaged: error.message };
    throw error;
  }
}
