import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../composition/app.module.js';
import { makeFolder } from '../kernel/owner.js';
import type { Settings } from '../settings/settings.js';

/** All that decides, without pages, for as long as the work takes. */
export async function withCentre<T>(settings: Settings, work: (application: INestApplicationContext) => Promise<T>): Promise<T> {
  makeFolder(settings.DATA_DIR);
  const application = await NestFactory.createApplicationContext(AppModule.withoutPages(settings), { logger: false, abortOnError: false });
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}
