import { Module } from '@nestjs/common';
import { HomePage } from './home.page.js';

/** The page that a candidate comes to: what the other modules have to say now. */
@Module({ controllers: [HomePage] })
export class HomeModule {}
