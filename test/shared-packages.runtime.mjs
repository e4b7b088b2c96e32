import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { compileFunction, SyntheticModule } from 'node:vm';
import Runtime from 'jest-runtime';

const require = createRequire(import.meta.url);

/**
 * Jest's runtime, but packages are loaded by Node, once for all test files of a process: to evaluate them anew for each file takes longer
 * than most tests. Our own modules are evaluated anew for each, so that none sees what another left in them.
 */
class SharedPackages extends Runtime {
  constructor(...given) {
    super(...given);
    this.registries.esModuleRegistry = new Modules();
    // without a context, code runs among the globals of Node (nodes-own.environment.mjs)
    this.esmLoader.getContext = () => undefined;
    this.executor.compile = (code, filename) => compileFunction(code, this.executor.injectedModuleParameters, { filename });
  }

  /** So are the packages that Jest itself is made of, but for the one that keeps which tests the file has. */
  requireInternalModule(from, name) {
    return name && !name.startsWith('.') && !name.includes(':') ? createRequire(from)(name) : super.requireInternalModule(from, name);
  }

  /** Jest would replace a method of the process, which outlives the file. */
  installGetBuiltinModule() {}
}

/** The ES modules of a test file by their URLs, and those of packages. */
class Modules extends Map {
  get(url) {
    return super.get(url) ?? (isPackages(url) ? packaged(url) : undefined);
  }

  has(url) {
    return super.has(url) || isPackages(url);
  }
}

function isPackages(url) {
  return url.startsWith('file:') && url.includes('/node_modules/');
}

/** Modules of packages by their URLs, for all test files. */
const loaded = new Map();

/** Names of globals that packages have made when they were loaded. */
export const globalsOfPackages = new Set();

function packaged(url) {
  const module = loaded.get(url) ?? load(fileURLToPath(url));
  loaded.set(url, module);
  return module;
}

/** What Node makes of it for an `import`. */
function load(path) {
  const globals = new Set(Reflect.ownKeys(globalThis));
  const exported = require(path);
  for (const name of Reflect.ownKeys(globalThis)) if (!globals.has(name)) globalsOfPackages.add(name);
  const named = types.isModuleNamespaceObject(exported) ? { ...exported } : { ...exported, default: exported };
  const module = new SyntheticModule(
    Object.keys(named),
    () => {
      for (const [name, value] of Object.entries(named)) module.setExport(name, value);
    },
    { identifier: path },
  );
  module.evaluate();
  return module;
}

export { SharedPackages as 'module.exports' };
