// pm, as bin/pm.js starts it.
import { main } from "../../src/cli/main.ts";
import { createProcessIo } from "../../src/node/io-process.ts";

void main(process.argv.slice(2), createProcessIo()).then((status) => {
  process.exitCode = status;
});
