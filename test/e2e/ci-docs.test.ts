/** Every example of docs/ci.md, run as far as it runs without the service. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { below, type Block, ciBlocks, items, pairs, unitValues, workflowSteps } from "../support/ci-docs.ts";
import { type Checkout, makeCheckout } from "../support/ci-job.ts";
import { describeWith } from "../support/describe-with.ts";
import { PASSWORD } from "../support/home.ts";
import { partPath } from "../support/parts.ts";
import { PM, temporaryDirectory } from "../support/process.ts";
import { runProgram } from "../support/shell.ts";

const SECRETS = { "ci/deploy": "deploy canary", "ci/npm": "npm canary", "private/bank": "bank canary" };

/** Says "deployed" where it got its secret and nothing that opens the vault. */
const DEPLOY = `#!/bin/sh
test "$DEPLOY_TOKEN" = "deploy canary" && test -z "$PM_KEY$PM_KEY_FILE" && echo deployed
`;

const BLOCKS = ciBlocks();
const EXAMPLES = [
  "Secrets in CI, services and containers sh",
  "Secrets in CI, services and containers sh",
  "GitHub Actions yaml",
  "GitHub Actions ini",
  "GitLab CI yaml",
  "systemd ini",
  "systemd sh",
  "docker compose yaml",
  "Makefile make",
];

test("every example of the page is one of those that are run here", () => {
  expect(BLOCKS.map(({ section, language }) => `${section} ${language}`)).toEqual(EXAMPLES);
});

function textOf(section: string, language: string, n = 0): string {
  const found = BLOCKS.filter((block: Block) => block.section === section && block.language === language);
  return found[n]?.text ?? "";
}

let home: string;
let checkout: Checkout;

beforeEach(async () => {
  home = temporaryDirectory();
  checkout = await makeCheckout(home, SECRETS, ["--only", "ci/*", "--fields", "user,password"]);
  mkdirSync(join(home, "bin"));
  // Installing pm puts it there, as it would; a step before that does not find it.
  const wrapper = `#!/bin/sh\nexec "${process.execPath}" "${PM}" "$@"\n`;
  program("pm-installed", wrapper);
  program(
    "npm",
    `#!/bin/sh\ntest "$*" = "install --global pm-vault" && cp "${bin("pm-installed")}" "${bin("pm")}"\n`,
  );
  writeFileSync(join(checkout.directory, "deploy.sh"), DEPLOY, { mode: 0o755 });
});

function bin(name: string): string {
  return join(home, "bin", name);
}

function program(name: string, text: string): void {
  writeFileSync(bin(name), text);
  chmodSync(bin(name), 0o755);
}

function installPm(): void {
  copyFileSync(bin("pm-installed"), bin("pm"));
}

/** Its output, from the checkout, with these variables and the programs of the system. */
async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const all = { PATH: `${join(home, "bin")}:/usr/bin:/bin`, ...env };
  const { exit, stdout, stderr } = await runProgram(argv, { cwd: checkout.directory, env: all });
  expect({ argv, exit, stderr }).toEqual({ argv, exit: 0, stderr: "" });
  return stdout.toString();
}

test("the package is the one that the examples install", () => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect((JSON.parse(text) as { name: string }).name).toBe("pm-vault");
});

describeWith(["git"], "making and refreshing a bundle", () => {
  test("is done by the commands of the page", { timeout: 60_000 }, async () => {
    installPm();
    // The page begins where nothing is there yet.
    const { directory, bundle, keyFile } = checkout;
    const password = join(home, "password");
    writeFileSync(password, PASSWORD, { mode: 0o600 });
    const owner = { PM_HOME: home, HOME: home, PM_PASSWORD_FILE: password, PM_AGENT: "off" };
    await run(["pm", "bundle", "rm", "ci", "-y"], owner);
    const shell = ["sh", "-ec"];
    await run([...shell, `rm "${bundle}" "${keyFile}" && git init -q`], owner);
    const section = "Secrets in CI, services and containers";
    await run([...shell, textOf(section, "sh")], owner);
    await run([...shell, textOf(section, "sh", 1)], owner);
    expect(await run(["git", "diff", "--cached", "--name-only"], owner)).toBe("ci.pm\n");
    const env = { PM_KEY_FILE: join(directory, "ci.key") };
    expect(await run(["pm", "ls", "--vault", "./ci.pm"], env)).toBe("ci/deploy\nci/npm\n");
  });
});

test("GitHub Actions: the steps of the workflow deploy, and write the file", async () => {
  const workflow = textOf("GitHub Actions", "yaml");
  writeFileSync(join(checkout.directory, "npmrc.tpl"), textOf("GitHub Actions", "ini"));
  const outputs: string[] = [];
  for (const { uses, run: script, env } of workflowSteps(workflow)) {
    if (uses !== undefined) continue;
    const secrets = Object.entries(env).map(([name, value]) => [
      name,
      value.replace("${{ secrets.PM_KEY }}", checkout.key),
    ]);
    const job = { CI: "true", ...pairs(below(workflow, "env")), ...Object.fromEntries(secrets) };
    outputs.push(await run(["bash", "-e", "-c", script ?? "exit 1"], job as Record<string, string>));
  }
  expect(outputs).toEqual(["", "deployed\n", ""]);
  expect(readFileSync(join(checkout.directory, ".npmrc"), "utf8")).toBe(
    "//npm.example.com/:_authToken=npm canary\n",
  );
});

test("GitLab CI: the scripts of the job deploy", async () => {
  const job = textOf("GitLab CI", "yaml");
  const script = [...items(below(job, "before_script")), ...items(below(job, "script"))].join("\n");
  const env = { CI: "true", PM_KEY: checkout.key, ...pairs(below(job, "variables")) };
  const output = await run(["sh", "-e", "-c", script], env);
  expect(output).toMatch(/the bundle ci, only read; ends \d{4}-\d\d-\d\d/);
  expect(output).toMatch(/deployed\n$/);
});

test("systemd: the unit's command deploys with the environment that systemd gives it", async () => {
  installPm();
  const credentials = credentialFolder(unitValues(textOf("systemd", "ini"), "LoadCredential")[0] ?? "");
  const here = (text: string): string =>
    text.replaceAll("/srv/deploy", checkout.directory).replaceAll("%d", credentials);
  const [assignments = ""] = unitValues(textOf("systemd", "ini"), "Environment");
  const env = Object.fromEntries(
    here(assignments)
      .split(" ")
      .map((word) => word.split("=")),
  );
  const [command = ""] = unitValues(textOf("systemd", "ini"), "ExecStart");
  expect(await run(here(command).split(" "), env as Record<string, string>)).toBe("deployed\n");
  const script = here(textOf("systemd", "sh"));
  expect(await run(["sh", "-ec", script], { CREDENTIALS_DIRECTORY: credentials })).toBe("deploy canary\n");
});

describeWith(["systemd-analyze"], "systemd", () => {
  test("takes the unit", async () => {
    const unit = join(home, "deploy.service");
    writeFileSync(unit, textOf("systemd", "ini"));
    expect(await run([partPath("systemd-analyze"), "verify", unit])).toBe("");
  });
});

/** As systemd makes it: files that only the service reads. */
function credentialFolder(load: string): string {
  const folder = join(home, "credentials");
  const [name = ""] = load.split(":");
  mkdirSync(folder);
  writeFileSync(join(folder, name), `${checkout.key}\n`, { mode: 0o400 });
  return folder;
}

test("docker compose: the service's command deploys with its environment, secret and volume", async () => {
  installPm();
  const compose = textOf("docker compose", "yaml");
  const [secret = ""] = items(below(compose, "secrets"));
  const secrets = join(home, "secrets");
  mkdirSync(secrets);
  const { file = "" } = pairs(below(compose.slice(compose.lastIndexOf("\nsecrets:")), secret));
  copyFileSync(checkout.keyFile, join(checkout.directory, file));
  copyFileSync(join(checkout.directory, file), join(secrets, secret));
  const [volume = ""] = items(below(compose, "volumes"));
  const [source = "", target = ""] = volume.split(":");
  const inside = (path: string): string =>
    path.replace("/run/secrets", secrets).replace(target, join(checkout.directory, source));
  const variables = Object.entries(pairs(below(compose, "environment")));
  const env = Object.fromEntries(variables.map(([name, value]) => [name, inside(value)]));
  const { command = "" } = pairs(below(compose, "app"));
  expect(await run(command.split(" "), env)).toBe("deployed\n");
});

describeWith(["make"], "a Makefile", () => {
  test("deploys with the bundle, and with the vault of a person", async () => {
    installPm();
    writeFileSync(join(checkout.directory, "Makefile"), textOf("Makefile", "make"));
    const make = [partPath("make"), "-s", "deploy"];
    expect(await run(make, { PM_KEY: checkout.key })).toBe("deployed\n");
    const password = join(home, "password");
    writeFileSync(password, PASSWORD, { mode: 0o600 });
    const owner = { PM_HOME: home, PM_PASSWORD_FILE: password, PM_AGENT: "off" };
    expect(await run([...make, "PM_VAULT="], owner)).toBe("deployed\n");
    expect(existsSync(join(checkout.directory, "ci.pm.bak"))).toBe(false);
  });
});
