#!/usr/bin/env -S node --
// The -- keeps Node from reading what --env-file names: it would take NODE_OPTIONS from there, and run them in pm.
// Only syntax that an old Node reads: it must come as far as the sentence about its version.
const version = process.versions.node.split(".");
const major = Number(version[0]);
const minor = Number(version[1]);

if ((major === 24 && minor >= 15) || major >= 26) {
  const main = require("../dist/cli/main.cjs").main;
  const createProcessIo = require("../dist/node/io-process.cjs").createProcessIo;
  void main(process.argv.slice(2), createProcessIo()).then(function (status) {
    process.exitCode = status;
  });
} else {
  process.stderr.write(
    "pm: error: pm needs Node.js 24.15 or a later 24, or 26 or later; this is " +
      process.versions.node +
      "\n",
  );
  process.exitCode = 1;
}
