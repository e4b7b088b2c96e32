import { describe, expect, it } from '@jest/globals';
import { Mongodb } from '../../src/mongodb/mongodb.js';
import { checkedMongodbUrl } from '../../src/mongodb/url.js';

describe('A URL of MongoDB', () => {
  const TLS = 'mongodb://office:secret@a.example,b.example:27018/centre?replicaSet=rs&tls=true';

  it.each(['mongodb://127.0.0.1', 'mongodb://a.example:27017/centre', TLS, 'mongodb+srv://office:secret@cluster.example/centre'])(
    'A URL of MongoDB is accepted: %s',
    (url) => {
      expect(checkedMongodbUrl(` ${url} `, { production: false })).toBe(url);
    },
  );

  it.each([TLS, 'mongodb+srv://cluster.example', 'mongodb://a.example/?ssl=true'])('A URL of MongoDB is accepted in production: %s', (url) => {
    expect(checkedMongodbUrl(url, { production: true })).toBe(url);
  });

  it.each([
    ['mongodb://a.example/centre', '请加上 tls=true'],
    ['mongodb://127.0.0.1/centre', '请加上 tls=true'],
    ['mongodb+srv://cluster.example/?tls=false', '请加上 tls=true'],
    ['mongodb://a.example/?tls=true&tlsInsecure=true', '请去掉 tlsInsecure'],
    ['mongodb://a.example/?tls=true&tlsAllowInvalidCertificates=true', '请去掉 tlsInsecure'],
    ['mongodb://a.example/?tls=true&tlsAllowInvalidHostnames=true', '请去掉 tlsInsecure'],
  ])('A URL of MongoDB is refused in production: %s', (url, reason) => {
    expect(() => checkedMongodbUrl(url, { production: true })).toThrow(reason);
  });

  it.each([
    '',
    'http://a.example',
    'mongodb://',
    'mongodb://a.example/?nonsense=1',
    'mongodb://a.example:port/',
    'mongodb://office:secret@',
    'mongodb://office:sec/ret@a.example',
    'mongodb://office:sec@ret@a.example',
    'mongodb://office:%zz@a.example',
    'mongodb://a.example/%zz',
    'mongodb://a.example/?tls=true&tls=false',
    'mongodb+srv://a.example,b.example',
  ])('A URL of MongoDB is refused with a message that quotes nothing of it: %s', (url) => {
    expect(() => checkedMongodbUrl(url, { production: false })).toThrow(expect.objectContaining({ name: 'BadMongodbUrl' }));
    expect(() => checkedMongodbUrl(url, { production: false })).not.toThrow(/sec|ret|example/);
  });
});

describe('A database in MongoDB', () => {
  const opened = async (url: string) => {
    const database = Mongodb.open(url);
    const { dbName, writeConcern, readConcern, readPreference } = database.collection('bills@1');
    await database.close();
    return { dbName, writeConcern, readConcern: readConcern?.level, readPreference: readPreference?.mode };
  };

  it.each([
    ['mongodb://a.example', 'personal_centre'],
    ['mongodb://a.example/', 'personal_centre'],
    ['mongodb://a.example/?tls=true', 'personal_centre'],
    ['mongodb://office:secret@a.example,b.example:27018/centre?tls=true', 'centre'],
    ['mongodb+srv://a.example/%E4%B8%AD', '中'],
  ])('A database in MongoDB has the name in its URL: %s', async (url, name) => {
    expect((await opened(url)).dbName).toBe(name);
  });

  it('A database in MongoDB writes to the majority and reads from the primary, regardless of its URL', async () => {
    expect(await opened('mongodb://a.example/?w=0&journal=false&readPreference=secondary&readConcernLevel=local')).toMatchObject({
      writeConcern: { w: 'majority', journal: true },
      readConcern: 'majority',
      readPreference: 'primary',
    });
  });
});
