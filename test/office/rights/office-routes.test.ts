import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { EventStore } from '../../../src/event-store/event-store.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { isRole, roleNames } from '../../../src/office/officers/role-names.js';
import type { OfficeRouteMark } from '../../../src/office/rights/office-route.js';
import { mayDo, type Right, rights } from '../../../src/office/rights/rights.js';
import { rolesDocument } from '../../../src/office/rights/roles-document.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { OFFICE } from '../../../src/web/routes/officer.js';
import { projectRoot } from '../../../src/web/views/view-files.js';
import { type Answer, TestCentre } from '../../centre.js';
import { answersLost, lookedUpAt } from '../../web/outcomes/lost-answers.js';
import { OfficeBrowser } from '../office-browser.js';

const roles = Object.keys(roleNames).filter(isRole);
let centre: TestCentre;
const browsers = new Map<string, OfficeBrowser>();
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.rows('districts', { name: '西城区', office: '西城区自考办', place: '一层', address: '北京市西城区', phone: '010-00000000' });
  for (const role of roles) browsers.set(role, await OfficeBrowser.signedIn(centre, `${role}-1`, role, role === 'district' ? ['西城区'] : []));
});
afterAll(() => centre.close());

interface Route {
  readonly method: string;
  readonly url: string;
}

/** The marks of Nest's routes, by method and address. */
function marks(): ReadonlyMap<string, OfficeRouteMark | undefined> {
  const found = new Map<string, OfficeRouteMark | undefined>();
  for (const module of centre.get(ModulesContainer as never as abstract new () => ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (!metatype) continue;
      for (const [name, handler] of Object.entries(Object.getOwnPropertyDescriptors(metatype.prototype))) {
        const { value } = handler;
        if (name === 'constructor' || typeof value !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, value)) continue;
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, value) as number];
        const mark = (Reflect.getMetadata(OFFICE, value) ?? Reflect.getMetadata(OFFICE, metatype)) as OfficeRouteMark | undefined;
        const path = [Reflect.getMetadata(PATH_METADATA, metatype), Reflect.getMetadata(PATH_METADATA, value)].map((part) =>
          String(part).replace(/^\/+|\/+$/g, ''),
        );
        found.set(`${method} /${path.filter(Boolean).join('/')}`, mark);
      }
    }
  }
  return found;
}

const table = () =>
  centre.application
    .getHttpAdapter()
    .getInstance()
    .routeTable.all()
    .filter(({ method }) => method !== 'HEAD');
const nameOf = ({ method, url }: Route) => `${method} ${url.length > 1 ? url.replace(/\/$/, '') : url}`;
const ofOffice = () => table().filter(({ url }) => /^\/office(\/|$)/.test(url));
const isOfficeLook = ({ $ }: Answer) => /\/office\.[^/]*css$/.test($('link[rel=stylesheet]').attr('href') ?? '');
const addressOf = ({ url }: Route) => url.replace(/:\w+/g, 'nobody');
/** Those that end the session of whoever asks come last. */
const inOrder = () => ofOffice().toSorted((one, other) => Number(one.url.endsWith('logout')) - Number(other.url.endsWith('logout')));

describe('Each route of the office', () => {
  it('Each route of the office names its right, and no other route does', () => {
    const known = marks();
    expect(ofOffice().length).toBeGreaterThan(10);
    for (const route of table()) {
      const mark = known.get(nameOf(route));
      expect([nameOf(route), mark !== undefined]).toEqual([nameOf(route), /^\/office(\/|$)/.test(route.url)]);
    }
  });

  it('Each route of the office is answered to the roles that have its right, and refused to all others', async () => {
    const known = marks();
    for (const role of roles) {
      const browser = browsers.get(role) as OfficeBrowser;
      await browser.signIn(); // the clock has gone on with the other roles
      for (const route of inOrder()) {
        const mark = known.get(nameOf(route)) as OfficeRouteMark;
        await browser.prove();
        const answer = route.method === 'GET' ? await browser.get(addressOf(route)) : await browser.post(addressOf(route), { _: '' });
        const isAllowed = mark.right === 'none' || mayDo([role], mark.right);
        expect([role, nameOf(route), answer.status === 403]).toEqual([role, nameOf(route), !isAllowed]);
        expect([role, nameOf(route), answer.status < 500]).toEqual([role, nameOf(route), true]);
        expect(answer.headers.location ?? '').not.toMatch(/^\/login/);
      }
    }
  });

  it('Each route of the office is refused to who has no right to it before the second factor is asked for', async () => {
    const auditor = browsers.get('auditor') as OfficeBrowser;
    await auditor.signIn();
    auditor.pass(600);
    const known = marks();
    const sensitive = ofOffice().filter((route) => route.method === 'GET' && known.get(nameOf(route))?.isSensitive);
    expect(sensitive.length).toBeGreaterThan(2);
    for (const route of sensitive) {
      const { right } = known.get(nameOf(route)) as OfficeRouteMark;
      const status = right === 'none' || mayDo(['auditor'], right) ? 303 : 403;
      expect([nameOf(route), (await auditor.get(addressOf(route))).status]).toEqual([nameOf(route), status]);
    }
  });

  it('Each route of the office is answered to nobody else but with the way in', async () => {
    const candidate = await centre.candidate('119912345001').then(() => centre.signIn('119912345001'));
    for (const route of ofOffice()) {
      if (marks().get(nameOf(route))?.right === 'none') continue;
      for (const cookie of ['', 'office=forged', candidate]) {
        const { status, headers } = await centre.ask(addressOf(route), { cookie, ...(route.method === 'POST' && { form: { _: '' } }) });
        expect([nameOf(route), status, String(headers.location)]).toEqual([nameOf(route), 303, expect.stringMatching(/^\/office\/login(\?|$)/)]);
      }
    }
  });
});

describe('The table of rights', () => {
  it('The table of rights lets the auditor change nothing, and each other role something or its own account alone', () => {
    for (const { changes, roles: having } of Object.values(rights)) if (changes) expect(having).not.toContain('auditor');
  });

  it('The table of rights is what docs/roles.md says: node docs/roles.mjs writes it', () => {
    expect(readFileSync(join(projectRoot, 'docs/roles.md'), 'utf8')).toBe(rolesDocument());
  });
});

describe('A page of the office', () => {
  it.each(['city', 'administrator', 'district'] as const)('A page of the office reads exactly the read models that it declares, for %s', async (role) => {
    const readModels = centre.get(ReadModels);
    const officer = await OfficeBrowser.signedIn(centre, `${role}-2`, role, role === 'district' ? ['西城区'] : []);
    const id = await centre.candidate(role === 'city' ? '119912345002' : '119912345003');
    const pageOf = ({ url }: Route) =>
      /candidates\/:id\/pages/.test(url) ? `/office/candidates/${id}/pages?page=none` : url.replace('candidates/:id', `candidates/${id}`);
    const ofRole = (right: Right) => mayDo([role], right) && (role === 'city' || !mayDo(['city'], right));
    for (const route of ofOffice().filter(({ method }) => method === 'GET')) {
      const { right, isAlwaysOpen } = marks().get(nameOf(route)) as OfficeRouteMark;
      if (right === 'none' || isAlwaysOpen || !ofRole(right)) continue;
      const spies = [jest.spyOn(readModels, 'get'), jest.spyOn(readModels, 'list'), jest.spyOn(readModels, 'all'), jest.spyOn(readModels, 'lookUp')];
      await officer.get(addressOf({ ...route, url: pageOf(route) }));
      const names = spies.flatMap(({ mock }) => mock.calls.map(([{ name }]) => name));
      for (const spy of spies) spy.mockRestore();
      expect([route.url, [...new Set(names)].toSorted()]).toEqual([route.url, route.readModels.toSorted()]);
    }
  });

  it('A page of the office that does not exist is answered in the look of the office', async () => {
    const { status, $ } = await (browsers.get('city') as OfficeBrowser).get('/office/nothing');
    expect([status, $('link[rel=stylesheet]').attr('href'), $('a.btn').attr('href')]).toEqual([404, expect.stringContaining('office.'), '/office']);
  });

  it('A page of the office says what is known of a form for which the log gave no answer in time', async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    const city = await OfficeBrowser.signedIn(centre, 'city-4', 'city');
    city.pass(30);
    answersLost(centre);
    const answer = await city.post('/office/factor', { code: city.code() });
    jest.restoreAllMocks();
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('“第二重验证”')]);
    for (const told of [await centre.ask(String(lookedUpAt(answer))), await city.get(String(lookedUpAt(answer)))])
      expect([told.$('h1').text(), told.$('#outcome .btn').attr('href'), isOfficeLook(told)]).toEqual(['已经记录', '/office', true]);
    expect([isOfficeLook(answer), (await centre.ask('/office/outcome?of=forged')).status]).toEqual([true, 404]);
  });

  it('A page of the office says so when the log cannot be read, and has recorded nothing', async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    const city = await OfficeBrowser.signedIn(centre, 'city-3', 'city');
    const spy = jest.spyOn(centre.get(EventStore), 'streams').mockRejectedValue(new StoreUnavailable('away'));
    const { status, text } = await city.post('/office/factor', { code: city.code(1) });
    spy.mockRestore();
    expect([status, text]).toEqual([503, expect.stringContaining('没有记录')]);
  });
});
