import { expect, it, jest } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { StoreUnavailable } from '../../src/event-store/append.js';
import { log } from '../../src/log.js';
import { ErrorPages } from '../../src/web/errors.filter.js';

/** What the page of an error says. */
function messageFor(method: 'GET' | 'POST', error: Error): string {
  let said = '';
  const reply = {
    sent: false,
    header: () => reply,
    status: () => reply,
    view: (_: string, { message }: { readonly message: string }) => {
      said = message;
    },
  };
  const http = { getRequest: () => ({ id: 'a', method, routeOptions: { url: '/' } }), getResponse: () => reply };
  new ErrorPages().catch(error, { switchToHttp: () => http } as never as ArgumentsHost);
  return said;
}

it('A form that the log did not answer in time is told that nobody knows yet whether it was done, a page that it should come back', () => {
  jest.spyOn(log, 'error').mockImplementation(() => undefined);
  const away = new StoreUnavailable('the log cannot be used now');
  expect(messageFor('POST', away)).toContain('现在还不能确定您的操作是否已经完成');
  expect(messageFor('GET', away)).toBe('请稍后再试。');
});
