/** As bin/pm.js, but from the sources, where each module is a file of its own. */
import { main } from "../../src/cli/main.ts";
import { createProcessIo } from "../../src/node/io-process.ts";

process.exitCode = await main(process.argv.slice(2), createProcessIo());
