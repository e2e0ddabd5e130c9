#!/usr/bin/env node
// Where credential.helper is "pm", git runs this with the action: it is `pm credential git`.
process.argv.splice(2, 0, "credential", "git");
void require("./pm.js");
