/** The bundle in pieces: each is a function that makes a CommonJS module, and is run when it is first asked for. */

export type Factory = (
  exports: object,
  require: (id: string) => unknown,
  module: Module,
  __filename: string,
) => void;

interface Module {
  exports: object;
}

/** What stands around the text of a chunk, so that it evaluates to its {@link Factory}. */
export const BEFORE = "(function (exports, require, module, __filename) {";
export const AFTER = "\n})";

/** @param find the factory of a chunk */
export function loaderOf(find: (name: string) => Factory): (name: string) => unknown {
  const modules = new Map<string, Module>();
  const load = (name: string): unknown => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    find(name)(module.exports, require, module, process.execPath);
    return module.exports;
  };
  const require = (id: string): unknown =>
    id.startsWith("./") ? load(id.slice("./".length)) : process.getBuiltinModule(id);
  return load;
}
