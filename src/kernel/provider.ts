import type { FactoryProvider } from '@nestjs/common';

/**
 * Nest's provider of a class that has no decorator: such a class loads nothing of Nest in threads and in the command line.
 * @param needs the classes whose instances the constructor takes
 */
export function providerOf<Needs extends readonly unknown[]>(
  type: new (...needs: [...Needs]) => object,
  needs: { readonly [At in keyof Needs]: abstract new (...args: never[]) => Needs[At] },
): FactoryProvider {
  return { provide: type, useFactory: (...instances: [...Needs]) => new type(...instances), inject: [...needs] };
}
