#!/usr/bin/env node
// Where credsStore is "pm", docker runs this with the action: it is `pm credential docker`.
process.argv.splice(2, 0, "credential", "docker");
void require("./pm.js");
