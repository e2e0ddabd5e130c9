import type * as NodeFs from "node:fs";

/**
 * `node:fs` for what every command loads. An ESM import of it also loads its promises and streams, which
 * costs every start two milliseconds.
 */
export const fs: typeof NodeFs = process.getBuiltinModule("node:fs");
