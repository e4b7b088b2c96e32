import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { compileFunction, SyntheticModule } from 'node:vm';
import Runtime from 'jest-runtime';

const require = createRequire(import.meta.url);

/**
 * Jest's runtime, but packages and the project's modules are loaded by Node, once for all test files of a process: to evaluate them anew
 * for each file takes longer than most tests. What a module keeps makes no difference to a later file (kept-state.test.ts). Test files and
 * what they share in test/ are evaluated anew for each.
 */
class SharedModules extends Runtime {
  constructor(...given) {
    super(...given);
    this.registries.esModuleRegistry = new Modules();
    // without a context, code runs among the globals of Node (nodes-own.environment.mjs)
    this.esmLoader.getContext = () => undefined;
    this.executor.compile = (code, filename) => compileFunction(code, this.executor.injectedModuleParameters, { filename });
  }

  /** A file that replaces a package evaluates the project's modules anew, with what it puts in its place. */
  setModuleMock(...given) {
    this.registries.esModuleRegistry.hasOwn = true;
    super.setModuleMock(...given);
  }

  /** So are the packages that Jest itself is made of, but for the one that keeps which tests the file has. */
  requireInternalModule(from, name) {
    return name && !name.startsWith('.') && !name.includes(':') ? createRequire(from)(name) : super.requireInternalModule(from, name);
  }

  /** Jest would replace a method of the process, which outlives the file. */
  installGetBuiltinModule() {}
}

/** The ES modules of a test file by their URLs, and those that all files share. */
class Modules extends Map {
  /** Whether the file has the project's modules for itself. */
  hasOwn = false;

  get(url) {
    const file = super.has(url) ? undefined : this.#shared(url);
    return file === undefined ? super.get(url) : shared(file);
  }

  has(url) {
    return super.has(url) || this.#shared(url) !== undefined;
  }

  /** The file that Node loads for it; undefined where it is not shared. */
  #shared(url) {
    if (!url.startsWith('file:')) return undefined;
    if (url.includes('/node_modules/')) return fileURLToPath(url);
    return this.hasOwn ? undefined : compiled(url);
  }
}

const ROOT = new URL('../', import.meta.url).href;
const SOURCE = /^(?:src|projections|demo|bench)\/.*(?=\.ts$)/;

/** What the build made of a source of the project; undefined for other files. */
function compiled(url) {
  const [path] = (url.startsWith(ROOT) && SOURCE.exec(url.slice(ROOT.length))) || [];
  return path && fileURLToPath(`${ROOT}dist/${path}.js`);
}

/** Modules by their files, for all test files. */
const loaded = new Map();

/** Names of globals that modules have made when they were loaded. EventStoreDB's client, which modules import when they need it, makes `proto`. */
export const globalsOfModules = new Set(['proto']);

function shared(file) {
  const module = loaded.get(file) ?? load(file);
  loaded.set(file, module);
  return module;
}

/** What Node makes of it for an `import`. */
function load(path) {
  const globals = new Set(Reflect.ownKeys(globalThis));
  const exported = require(path);
  for (const name of Reflect.ownKeys(globalThis)) if (!globals.has(name)) globalsOfModules.add(name);
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

export { SharedModules as 'module.exports' };
