import { type Command, defineCommand } from "../command.ts";

export const credentialDocker: Command = defineCommand({
  args: [
    {
      name: "action",
      summary: "What docker asks for",
      required: true,
      choices: ["get", "store", "erase", "list"],
    },
  ],
  options: {},
  details: [
    'Speaks the protocol of docker\'s credential helpers on standard input and output; docker calls it. With "credsStore": "pm" in ~/.docker/config.json, docker login keeps its passwords in the vault instead of that file.',
    'get reads the address of a registry and prints server, user name and password as JSON: of the live entry with that url, path included; an address without a scheme is one of https. An entry below docker/ goes before others. Without one it prints "credentials not found in native keychain" and ends with 1.',
    "store reads such JSON and keeps it as docker/HOST. erase moves that entry to the trash. list prints the addresses and user names of the entries below docker/. store and erase touch no entry outside of that folder.",
    "The message of a failure stands on standard output too, where docker looks for it.",
  ],
  examples: [
    {
      command: `echo '{"ServerURL":"ghcr.io","Username":"mara","Secret":"s"}' | pm credential docker store`,
      note: "As docker login does",
    },
    { command: "pm credential docker list", note: "All registries" },
  ],
  exits: ["error"],
  vault: "reads",
  async run(ctx, { args }) {
    const { runDockerHelper } = await import("../credential-docker.ts");
    return await runDockerHelper(ctx, args.action);
  },
});
