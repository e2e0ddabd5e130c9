/** `pm adopt` as a real process: a command gets the same variables before and after. */
import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ON_LINUX } from "../node/fixtures/run.ts";
import { createHome } from "../support/home.ts";
import { temporaryDirectory } from "../support/process.ts";

test(
  "an env file means the same before and after it was adopted, whatever is in it",
  { skip: !ON_LINUX },
  async () => {
    const home = await createHome();
    const cwd = temporaryDirectory();
    const file = join(cwd, ".env");
    const content = [
      "\uFEFF# first line\r",
      "PLAIN=value\r",
      "  export  SPACED=' both ends '   # comment",
      `QUOTES='it is "quoted"'`,
      String.raw`ESCAPED="tab\t newline\n dollar\$ back\\ \"quote\""`,
      'MULTI="one',
      "two # no comment",
      'three"',
      "EQUALS=a=b=c==",
      "HASH=a#b",
      "UNICODE=größe 🔑 日本",
      "TRAILING=x   ",
      'BLANKS="  x  "',
      "DOLLAR=$HOME ${PATH} `id`",
      "EMPTY=",
      "LAST=no newline",
    ].join("\n");
    writeFileSync(join(cwd, "target"), content, { mode: 0o640 });
    symlinkSync("target", file);
    const shown = async (): Promise<string> => {
      const names = [...content.matchAll(/^ *(?:export +)?([A-Z]+)=/gm)].map(([, name]) => name);
      const script = names.map((name) => `printf '%s\\0' "${name}=$${name}"`).join("; ");
      const ran = await home.pm(["run", "--mask", "never", "--env-file", file, "--", "sh", "-c", script]);
      expect(ran.stderr).toBe("");
      return ran.stdout.toString();
    };
    const before = await shown();
    expect((await home.pm(["adopt", file, "--entry", "my app/dev env"])).exit).toBe(0);
    const adopted = readFileSync(file, "utf8");
    expect(adopted).toContain('SPACED="pm://my app/dev env/SPACED"   # comment');
    expect(adopted.replaceAll(/"?pm:\/\/my app\/dev env\/[A-Z]+"?/g, "V")).toBe(
      [
        "\uFEFF# first line\r",
        "PLAIN=V\r",
        "  export  SPACED=V   # comment",
        "QUOTES=V",
        "ESCAPED=V",
        "MULTI=V",
        "EQUALS=V",
        "HASH=V",
        "UNICODE=V",
        "TRAILING=V   ",
        "BLANKS=V",
        "DOLLAR=V",
        "EMPTY=",
        "LAST=V",
      ].join("\n"),
    );
    expect(await shown()).toBe(before);
    expect((statSync(join(cwd, "target")).mode & 0o777).toString(8)).toBe("640");
  },
);
