import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fromUtf8, toHex } from "../../src/core/bytes.ts";
import { createVault } from "../../src/node/create-vault.ts";
import {
  add,
  codeOf,
  create,
  file,
  homeDirectory,
  login,
  names,
  open,
  SECRET,
  store,
  useSessionHome,
  warnings,
} from "../support/session-home.ts";

useSessionHome();

function stateFiles(state = "state"): string[] {
  return fs.readdirSync(file(state));
}

function replica(state = "state"): string {
  const [name] = stateFiles(state);
  return JSON.parse(fs.readFileSync(path.join(file(state), name ?? ""), "utf8").split("\n")[0] ?? "").replica;
}

describe("the local state", () => {
  test("finds an older file in the place of the newest, for reading and for writing", async () => {
    await create();
    await add("a");
    fs.copyFileSync(file("vault.pm"), file("old.pm"));
    await add("b");
    fs.copyFileSync(file("old.pm"), file("vault.pm"));
    expect(await codeOf(names())).toBe("rollback");
    expect(await codeOf(add("c"))).toBe("rollback");
    expect(fs.readFileSync(file("vault.pm")).equals(fs.readFileSync(file("old.pm")))).toBe(true);
  });

  test("takes an older file that is accepted, under a new replica id", async () => {
    await create();
    fs.copyFileSync(file("vault.pm"), file("old.pm"));
    await add("a");
    const before = replica();
    fs.copyFileSync(file("old.pm"), file("vault.pm"));
    using accepted = await open({ acceptRollback: true });
    expect(await accepted.list({})).toEqual([]);
    expect(replica()).not.toBe(before);
    await add("b");
    expect(await names()).toEqual(["b"]);
  });

  test("finds another vault in the place of the known one, before any password is tried", async () => {
    await create();
    await create("other.pm");
    fs.copyFileSync(file("other.pm"), file("vault.pm"));
    expect(await codeOf(names())).toBe("corrupt");
    expect(await codeOf(open({ credentials: { token: new Uint8Array(32) } }))).toBe("corrupt");
    (await open({ acceptRollback: true }))[Symbol.dispose]();
    expect(await names()).toEqual([]);
  });

  test("does not take a newer file, saved elsewhere, for a rollback", async () => {
    await create();
    await add("a");
    fs.copyFileSync(file("vault.pm"), file("elsewhere.pm"));
    await add("b", { ...store("elsewhere.pm", "state2") });
    fs.copyFileSync(file("elsewhere.pm"), file("vault.pm"));
    expect(await names()).toEqual(["a", "b"]);
    expect(warnings).toEqual([]);
  });

  test("gives a copy at another path a replica id of its own", async () => {
    await create();
    fs.copyFileSync(file("vault.pm"), file("copy.pm"));
    fs.cpSync(file("state"), file("state2"), { recursive: true });
    await add("a", { ...store("copy.pm", "state2") });
    const ids = stateFiles("state2").map((name) => {
      const [line] = fs.readFileSync(path.join(file("state2"), name), "utf8").split("\n");
      return JSON.parse(line ?? "").replica;
    });
    expect(new Set(ids).size).toBe(2);
  });

  test("gives a cloned history a new replica id as soon as the two meet", async () => {
    await create();
    // A cloned machine: the same file at the same path with the same state.
    fs.cpSync(homeDirectory(), `${homeDirectory()}-clone`, { recursive: true });
    await add("ours");
    const mine = replica();
    const state = fs.readFileSync(path.join(file("state"), stateFiles()[0] ?? ""));
    // The clone goes on from the old state …
    fs.rmSync(file("state"), { recursive: true });
    fs.copyFileSync(path.join(`${homeDirectory()}-clone`, "vault.pm"), file("vault.pm"));
    fs.cpSync(path.join(`${homeDirectory()}-clone`, "state"), file("state"), { recursive: true });
    await add("theirs");
    expect(replica()).toBe(mine);
    // … and its file comes to the first machine, which wrote the same save number itself.
    fs.writeFileSync(path.join(file("state"), stateFiles()[0] ?? ""), state);
    await add("after");
    expect(replica()).not.toBe(mine);
    expect(await names()).toEqual(["after", "theirs"]);
    fs.rmSync(`${homeDirectory()}-clone`, { recursive: true });
  });

  test.each(["", "x", "{}\n00\n", "not json\n".repeat(1000)])(
    "warns of a damaged one: %#",
    async (content) => {
      await create();
      fs.writeFileSync(path.join(file("state"), stateFiles()[0] ?? ""), content);
      expect(await names()).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("is damaged")]);
      warnings.length = 0;
      await add("a");
      await names();
      expect(warnings.length).toBe(1);
    },
  );

  test("that can't be written is said, and makes no error of a new vault", async () => {
    const slots = [{ type: "machine", secret: SECRET, label: "ci" } as const];
    // Nobody, root included, can make a folder below a file.
    fs.writeFileSync(file("state"), "");
    using session = await createVault({ ...store(), stateDir: file("state/below"), slots });
    await session.edit([login("a")]);
    expect(warnings).toEqual([
      expect.stringContaining("saved, but the local state could not be written"),
      expect.stringContaining("saved, but the local state could not be written"),
    ]);
    fs.rmSync(file("state"));
    expect(await names()).toEqual(["a"]);
  });

  test("that can't be written is said, and makes no error of a save", async () => {
    await create();
    fs.rmSync(file("state"), { recursive: true });
    // Nobody, root included, can make a folder below a file.
    using session = await open({ stateDir: file("vault.pm/state") });
    await session.edit([login("a")]);
    expect(warnings).toEqual([expect.stringContaining("saved, but the local state could not be written")]);
    expect(await names()).toEqual(["a"]);
  });

  test("names no path, and has a file of its own for each vault", async () => {
    await create();
    await create("second.pm");
    expect(stateFiles().length).toBe(2);
    for (const name of stateFiles()) {
      const text = fromUtf8(fs.readFileSync(path.join(file("state"), name))) ?? "";
      expect(text).not.toContain(homeDirectory());
      expect(text).not.toContain(toHex(SECRET));
      expect(fs.statSync(path.join(file("state"), name)).mode & 0o777).toBe(0o600);
    }
  });
});
