import { Module } from '@nestjs/common';
import { HomePage } from './home.page.js';

/** The home page, which shows data of all other modules. */
@Module({ controllers: [HomePage] })
export class HomeModule {}
