import { MongoClient } from 'mongodb';

/** What is wrong with the URL, never with what it holds: it may hold a password. */
export class BadMongodbUrl extends Error {
  override readonly name = 'BadMongodbUrl';
}

const EXPECTED = 'mongodb://[user:password@]host[:port][,host…][/database][?tls=true&…] or mongodb+srv://…';

/**
 * A URL of MongoDB, checked; what it says of write concern and read preference does not count (mongodb.ts).
 * @throws BadMongodbUrl for one that is none, that has an option which MongoDB does not know, or that is not for
 * production: this needs TLS to its databases, and their certificates checked
 */
export function mongodbUrl(text: string, { production }: { readonly production: boolean }): string {
  const url = text.trim();
  const { tls, rejectUnauthorized, checkServerIdentity } = optionsIn(url);
  if (production && !tls) throw new BadMongodbUrl('production needs TLS: add tls=true');
  if (production && (rejectUnauthorized === false || checkServerIdentity)) {
    throw new BadMongodbUrl('production needs the certificates of its databases checked: leave tlsInsecure and tlsAllowInvalid… out');
  }
  return url;
}

/** As the driver reads them; nothing is connected by that. */
function optionsIn(url: string) {
  try {
    return new MongoClient(url).options;
  } catch {
    throw new BadMongodbUrl(`write it as ${EXPECTED}`); // without the cause, which may show more of the URL
  }
}
