import { existsSync, readFileSync } from 'node:fs';

/** The program was rebuilt while this process runs, which would otherwise mix the code of two builds. */
class ProgramRebuilt extends Error {
  override readonly name = 'ProgramRebuilt';

  constructor() {
    super('程序文件在这个进程启动之后重新生成过：请重新启动');
  }
}

/** When the program that this process runs was built (ISO 8601). */
export const programBuild = readBuild();

/** For what starts more code of this program. @param build the build that the rest of it runs @throws ProgramRebuilt when dist/ has another by now */
export function assertSameBuild(build: string = programBuild): void {
  if (readBuild() !== build) throw new ProgramRebuilt();
}

/** Written by build.mjs as the last file of a build; found in `dist` also when the sources run directly, as in tests. */
function readBuild(): string {
  const beside = new URL('../../built', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../dist/built', import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
