import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { Views } from '../../../src/web/views/views.js';

const site = { SITE_OWNER: '北京教育考试院', SITE_ICP: '京ICP备00000000号', SITE_POLICE: '', SITE_CODE: '', SITE_NOTE: '' };
const views = new Views(site);
const error = { status: 404, title: '没有这个页面', message: '地址可能写错了。' };
const untitled = { status: 404, title: '没有这个页面' };

describe('A page', () => {
  it('A page is shown in the layout with its title, its back link and its tab', () => {
    const $ = load(views.render('web/error', { ...error, page: { title: '账单', parent: '/center', tab: 'payments' } }, { session: { secondsLeft: 7200 } }));
    expect($('title').text()).toBe('账单 · 北京自考个人中心');
    expect($('.bar h1').text()).toBe('账单');
    expect($('.bar a').attr('href')).toBe('/center');
    expect($('nav [aria-current]').text().trim()).toBe('缴费');
    expect($('body').attr('data-seconds-left')).toBe('7200');
  });

  it('A page takes its title from its data where that has one', () => {
    expect(load(views.render('web/error', error, { title: '另一个' }))('title').text()).toBe('没有这个页面 · 北京自考个人中心');
  });

  it('A page shows no tab bar to a visitor and none in a limited session', () => {
    expect(load(views.render('web/error', error, {}))('nav')).toHaveLength(0);
    expect(load(views.render('web/error', error, { session: { secondsLeft: 60, limited: true } }))('nav')).toHaveLength(0);
  });

  it('A page loads nothing but built assets of its own host and has no inline script or style', () => {
    const $ = load(views.render('web/error', error, { session: { secondsLeft: 60 } }));
    const loaded = $('link[href], script, img, use')
      .toArray()
      .map((element) => $(element).attr('src') ?? $(element).attr('href') ?? 'inline');
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((address) => !/^\/assets\/[a-z]+\.[\w-]{10}\.(css|js|svg)/.test(address))).toEqual([]);
    expect($('[style], style, [onclick]')).toHaveLength(0);
  });

  it('A page lets the reader zoom', () => {
    const viewport = load(views.render('web/error', error, {}))('meta[name=viewport]').attr('content') ?? '';
    expect(viewport).toContain('width=device-width');
    expect(viewport).not.toMatch(/maximum-scale|user-scalable/);
  });

  it('A page names the owner in its footer and leaves out what is not set', () => {
    const footer = load(views.render('web/error', error, {}))('footer').text();
    expect(footer).toContain('主办单位：北京教育考试院');
    expect(footer).toContain('京ICP备00000000号');
    expect(footer).not.toContain('网站标识码');
  });

  it("A page that waits for something reloads itself without JavaScript too, at the page's own address", () => {
    const visit = { askAgain: 2, refresh: { seconds: 2, address: '/center' } };
    const html = views.render('web/error', error, visit);
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="2;url=/center"></noscript>');
    expect(load(html)('main').attr('data-ask-again')).toBe('2');
    const own = views.render('web/error', { ...error, page: { refresh: { seconds: 5, address: '/center/bills' } } }, visit);
    expect(own.match(/http-equiv="refresh" content="[^"]*"/g)).toEqual(['http-equiv="refresh" content="5;url=/center/bills"']);
  });
});

describe('Data shown by a template', () => {
  it('Data shown by a template is escaped', () => {
    const html = views.render('web/error', { ...error, message: '<script>alert(1)</script>' }, {});
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('Data shown by a template that lacks a field of the template is an error', () => {
    expect(() => views.render('web/error', untitled, {})).toThrow('"message" not defined');
  });
});

describe('A fragment', () => {
  it('A fragment is the page’s content without the layout', () => {
    const html = views.fragment('web/error', error, {});
    expect(html).toContain('没有这个页面');
    expect(html).not.toContain('<html');
  });

  it('A fragment of a page that does not exist is an error', () => {
    expect(() => views.fragment('web/nothing', {}, {})).toThrow('views/web/nothing.hbs does not exist');
  });
});
