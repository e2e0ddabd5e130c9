#!/usr/bin/env -S node --
// The -- keeps Node from reading what --env-file names: it would take NODE_OPTIONS from there, and run them in pm.
// Only syntax that an old Node reads: it must come as far as the sentence about its version.
const version = process.versions.node.split(".");
const major = Number(version[0]);
const minor = Number(version[1]);

if ((major === 24 && minor >= 15) || major >= 26) {
  // pm's own files import each other by their whole names. Looking each of them up as if that were not so would
  // take an eighth of the time of a short call.
  const own = new URL("../dist/", import.meta.url).href;
  process.getBuiltinModule("node:module").registerHooks({
    resolve: function (specifier, context, next) {
      if (specifier[0] !== "." || String(context.parentURL).indexOf(own) !== 0)
        return next(specifier, context);
      return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
    },
  });
  void Promise.all([import("../dist/cli/main.js"), import("../dist/node/io-process.js")]).then(
    function (modules) {
      return modules[0].main(process.argv.slice(2), modules[1].createProcessIo()).then(function (status) {
        process.exitCode = status;
      });
    },
  );
} else {
  process.stderr.write(
    "pm: error: pm needs Node.js 24.15 or a later 24, or 26 or later; this is " +
      process.versions.node +
      "\n",
  );
  process.exitCode = 1;
}
