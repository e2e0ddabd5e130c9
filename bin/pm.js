#!/usr/bin/env -S node --
// The -- keeps Node from reading what --env-file names: it would take NODE_OPTIONS from there, and run them in pm.
// Only syntax that an old Node reads: it must come as far as the sentence about its version.
const version = process.versions.node.split(".");
const major = Number(version[0]);
const minor = Number(version[1]);

if ((major === 24 && minor >= 15) || major >= 26) {
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
