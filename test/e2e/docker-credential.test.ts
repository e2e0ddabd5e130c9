/** The client of docker's credential helpers that the docker library for Python has, with pm as the helper. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { createCaller } from "../support/entry-calls.ts";
import { partPath } from "../support/parts.ts";
import { pmEnvironment } from "../support/process.ts";

const BIN = fileURLToPath(new URL("../../bin", import.meta.url));

/** What docker login, docker pull and docker logout do. */
const PROGRAM = `
import json
from dockerpycreds import Store
from dockerpycreds.errors import CredentialsNotFound
store = Store("pm")
store.store("registry.example:5000", "mara", "s3cret")
store.store("https://index.docker.io/v1/", "<token>", "hub")
print(json.dumps(store.get("registry.example:5000")))
store.erase("registry.example:5000")
try:
    store.get("registry.example:5000")
except CredentialsNotFound:
    print("not found")
`;

describeWith(["dockerpycreds"], "docker with pm as its credential helper", () => {
  test("stores, gets and erases", async () => {
    using caller = await createCaller();
    const token = (await caller.run(["key", "add", "machine", "--label", "docker"])).stdout.trim();
    const bin = mkdtempSync(join(tmpdir(), "pm-docker-"));
    try {
      symlinkSync(join(BIN, "docker-credential-pm.js"), join(bin, "docker-credential-pm"));
      const home = join(caller.directory, "home");
      const path = [bin, dirname(process.execPath), process.env["PATH"]].join(":");
      const ran = spawnSync(partPath("dockerpycreds"), ["-c", PROGRAM], {
        env: { ...pmEnvironment({ home }), PATH: path, PM_KEY: token },
        encoding: "utf8",
      });
      expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
      const [answers = "", last] = ran.stdout.split("\n");
      const login = { ServerURL: "registry.example:5000", Username: "mara", Secret: "s3cret" };
      expect(JSON.parse(answers)).toEqual(login);
      expect(last).toBe("not found");
      expect((await caller.run(["ls"])).stdout).toBe("docker/index.docker.io/v1\n");
    } finally {
      rmSync(bin, { recursive: true });
    }
  });
});
