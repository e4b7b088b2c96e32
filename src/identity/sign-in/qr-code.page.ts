import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import { Config } from '../../settings/settings.js';
import { baseUrl } from '../../web/base-url.js';
import { Public, Unrenewed } from '../../web/routes/visitor.js';

/** In modules; QR code readers need four. */
const BORDER = 4;

/** 扫码进入: the address of the centre as a QR code, for the login page on a desktop and for other sites. */
@Controller('entry.svg')
@Public()
@Unrenewed()
export class QrCodePage {
  constructor(private readonly config: Config) {}

  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const code = renderSVG(`${baseUrl(this.config, request)}/`, { ecc: 'M', border: BORDER });
    return reply.type('image/svg+xml').header('cache-control', 'no-cache').send(code);
  }
}
