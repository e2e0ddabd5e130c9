/** What keepassxc-cli exports as CSV, by running it: every field of it in pm, and nothing written the second time. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { createCaller } from "../support/entry-calls.ts";

interface Sample {
  readonly path: string;
  readonly username: string;
  readonly password: string;
  readonly url: string;
  readonly notes: string;
}

const SAMPLES: readonly Sample[] = [
  {
    path: "Web/site",
    username: "mara",
    password: 'p"ä, word',
    url: "https://a.example/?q=1,2",
    notes: 'two\nlines, "quoted"',
  },
  { path: "Web/site", username: "tom", password: "second", url: "", notes: "" },
  { path: "Web/Deep/a", username: "", password: "=1+1", url: "https://b.example", notes: " blanks " },
  { path: "root", username: "r", password: "x".repeat(300), url: "", notes: "" },
];

/** The KeePass XML that keepassxc-cli makes a database of: its `add` can't make two entries of one name. */
function toXml(): string {
  const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const entry = ({ path, username, password, url, notes }: Sample, n: number): string => {
    const title = path.split("/").at(-1) ?? "";
    const strings = { Title: title, UserName: username, Password: password, URL: url, Notes: notes };
    const list = Object.entries(strings).map(
      ([key, value]) => `<String><Key>${key}</Key><Value>${escape(value)}</Value></String>`,
    );
    return `<Entry>${uuid(n)}${list.join("")}</Entry>`;
  };
  const entriesOf = (folder: string): string =>
    SAMPLES.map((sample, n) => ({ sample, n }))
      .filter(({ sample }) => sample.path.split("/").slice(0, -1).join("/") === folder)
      .map(({ sample, n }) => entry(sample, n))
      .join("");
  const deep = `<Group>${uuid(20)}<Name>Deep</Name>${entriesOf("Web/Deep")}</Group>`;
  const web = `<Group>${uuid(21)}<Name>Web</Name>${entriesOf("Web")}${deep}</Group>`;
  const root = `<Group>${uuid(22)}<Name>All</Name>${entriesOf("")}${web}</Group>`;
  return `<?xml version="1.0" encoding="UTF-8"?><KeePassFile><Meta/><Root>${root}</Root></KeePassFile>`;
}

function uuid(n: number): string {
  return `<UUID>${Buffer.alloc(16, n + 1).toString("base64")}</UUID>`;
}

describeWith(["keepassxc-cli"], "the CSV of keepassxc-cli", () => {
  test("comes over field by field, once", async () => {
    using pm = await createCaller();
    const [xml, database, key] = ["in.xml", "made.kdbx", "made.key"].map((name) => join(pm.directory, name));
    writeFileSync(xml ?? "", toXml());
    const keepassxc = (...args: readonly (string | undefined)[]): string => {
      const words = args.map((word) => word ?? "");
      const { status, stdout, stderr } = spawnSync("keepassxc-cli", words, { encoding: "utf8" });
      expect({ args, status, stderr: status === 0 ? "" : stderr }).toMatchObject({ status: 0 });
      return stdout;
    };
    keepassxc("import", "--quiet", "--set-key-file", key, "--decryption-time", "100", xml, database);
    const csv = keepassxc(
      "export",
      "--quiet",
      "--no-password",
      "--key-file",
      key,
      "--format",
      "csv",
      database,
    );
    writeFileSync(join(pm.directory, "export.csv"), csv);

    const imported = await pm.run(["import", "export.csv", "--json"]);
    expect(JSON.parse(imported.stdout)).toMatchObject({ format: "keepassxc-csv", saved: true });
    const names = ["Web/site", "Web/site (tom)", "Web/Deep/a", "root"];
    for (const [n, name] of names.entries()) {
      const { stdout } = await pm.run(["show", name, "--reveal", "--json"]);
      const { fields } = JSON.parse(stdout) as { fields: readonly { name: string; value: string }[] };
      const { path: _path, ...expected } = SAMPLES[n] ?? { path: "" };
      const filled = Object.entries(expected).filter(([, value]) => value !== "");
      expect(Object.fromEntries(fields.map((field) => [field.name, field.value]))).toEqual(
        Object.fromEntries(filled),
      );
    }

    const vault = join(pm.directory, "home", "data", "vault.pm");
    const before = readFileSync(vault);
    expect(JSON.parse((await pm.run(["import", "export.csv", "--json"])).stdout)).toMatchObject({
      saved: false,
    });
    expect(readFileSync(vault)).toEqual(before);
  });
});
