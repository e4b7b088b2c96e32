import { MongoClient } from 'mongodb';

/** The URL is invalid. The message never quotes the URL, which may hold a password. */
class BadMongodbUrl extends Error {
  override readonly name = 'BadMongodbUrl';
}

const EXPECTED = 'mongodb://[user:password@]host[:port][,host…][/database][?tls=true&…] 或 mongodb+srv://…';

/**
 * Checks a URL of MongoDB and returns it trimmed. Its write concern and read preference have no effect (mongodb.ts).
 * @throws BadMongodbUrl when it is malformed, has an unknown option, or in production does not use TLS with checked certificates
 */
export function checkedMongodbUrl(text: string, { production }: { readonly production: boolean }): string {
  const url = text.trim();
  const { tls, rejectUnauthorized, checkServerIdentity } = optionsIn(url);
  if (production && !tls) throw new BadMongodbUrl('正式运行时必须用 TLS：请加上 tls=true');
  if (production && (rejectUnauthorized === false || checkServerIdentity)) {
    throw new BadMongodbUrl('正式运行时必须检查数据库的证书：请去掉 tlsInsecure 和 tlsAllowInvalid…');
  }
  return url;
}

/** The options as the driver parses them. Creating a client does not connect. */
function optionsIn(url: string) {
  try {
    return new MongoClient(url).options;
  } catch {
    throw new BadMongodbUrl(`请写成 ${EXPECTED}`); // without the cause, which may show more of the URL
  }
}
