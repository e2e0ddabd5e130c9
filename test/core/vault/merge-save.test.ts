/** The save of a merge: what it leaves in version vector, clock and log. */
import { describe, expect, test } from "vitest";
import { fromUtf8 } from "../../../src/core/bytes.ts";
import { applyEdit } from "../../../src/core/vault/apply.ts";
import { VaultDraft } from "../../../src/core/vault/draft.ts";
import type { Edit } from "../../../src/core/vault/edit.ts";
import { bytesSource, readHeader } from "../../../src/core/vault/format.ts";
import { type Copy, mergeCopy } from "../../../src/core/vault/merge-copies.ts";
import { type Operation, parseLog } from "../../../src/core/vault/op-log.ts";
import {
  type Change,
  firstFile,
  type NextFile,
  nextVersion,
  sealVersion,
} from "../../../src/core/vault/revision.ts";
import { wrapRootKey } from "../../../src/core/vault/slot.ts";
import { newestSeq } from "../../../src/core/vault/version-vector.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { change, creation, field, NOW, OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { contentOf, KEY_FILE_SLOT, sha256, vectorRandom } from "../../support/vault-builder.ts";

const random = vectorRandom("merge-save");
const VAULT_ID = random(16);
const ROOT_KEY = random(32);
const SLOT = await wrapRootKey(
  { crypto: nativeBackend, random },
  { kind: 1, vaultId: VAULT_ID },
  { rootKey: ROOT_KEY, ...KEY_FILE_SLOT },
);
let clock = NOW;
const TOOLS = { crypto: nativeBackend, random, now: (): number => clock };

const FIRST = firstFile(TOOLS, {
  vaultId: VAULT_ID,
  rootKey: ROOT_KEY,
  slots: [SLOT],
  replica: REPLICA,
  rootWrites: [],
});

function copyOf({ bytes }: NextFile): Copy {
  const content = contentOf({ file: bytes, rootKey: ROOT_KEY });
  verifyContent(nativeBackend, content);
  const header = readHeader(nativeBackend, bytesSource(bytes));
  return { header, draft: new VaultDraft(content), rootKey: ROOT_KEY, hash: sha256(bytes) };
}

function next(file: NextFile, replica: string, apply: Change): NextFile {
  return sealVersion(TOOLS, nextVersion(TOOLS, copyOf(file), { replica, change: apply, by: "test" }));
}

/** One save for each edit. */
function edited(file: NextFile, replica: string, ...edits: readonly Edit[]): NextFile {
  return edits.reduce(
    (at, edit) => next(at, replica, (draft, context) => (applyEdit(draft, edit, context), {})),
    file,
  );
}

/** The version that `replica` makes of its own file and of a copy. */
function merged(file: NextFile, copy: NextFile, replica: string = REPLICA): NextFile {
  return next(
    file,
    replica,
    (draft) => mergeCopy(nativeBackend, { ...copyOf(file), draft }, copyOf(copy)).outcome,
  );
}

const vectorOf = (file: NextFile): ReturnType<typeof copyOf>["draft"]["index"]["vector"] =>
  copyOf(file).draft.index.vector;
const lengths = (file: NextFile): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(vectorOf(file)).map(([id, list]) => [id, list.map(([seq]) => seq)]));
const logOf = (file: NextFile): readonly Operation[] => parseLog(copyOf(file).draft.logRecords());
const logText = (file: NextFile): string =>
  copyOf(file)
    .draft.logRecords()
    .map((part) => fromUtf8(part))
    .join("\n");

describe("the save of a merge", () => {
  test("is one more of its replica, and has both files for parents", () => {
    const [ours, theirs] = [
      edited(FIRST, REPLICA, creation("a")),
      edited(FIRST, OTHER_REPLICA, creation("b")),
    ];
    const both = merged(ours, theirs);
    expect(both.stamp).toMatchObject({ replica: REPLICA, seq: 3 });
    expect(lengths(both)).toEqual({ [REPLICA]: [3], [OTHER_REPLICA]: [1] });
    expect(copyOf(both).draft.root.parents).toHaveLength(2);
    expect(
      copyOf(both)
        .draft.index.rows.map((row) => row[3])
        .toSorted(),
    ).toEqual(["a", "b"]);
  });

  test("that finds the own id forked keeps both histories, and goes on under a new id", () => {
    const ours = edited(FIRST, REPLICA, creation("a"), creation("b"));
    const clones = edited(FIRST, REPLICA, creation("c"), creation("d"), creation("e"));
    for (const both of [merged(ours, clones), merged(clones, ours)]) {
      expect(lengths(both)).toEqual({ [REPLICA]: [4, 3], [both.stamp.replica]: [1] });
      expect(both.stamp).toMatchObject({ seq: 1 });
      expect(both.stamp.replica).not.toBe(REPLICA);
      // Whoever merges it knows both: nothing comes back.
      expect(vectorOf(merged(both, clones, OTHER_REPLICA))[REPLICA]).toEqual(vectorOf(both)[REPLICA]);
    }
  });

  test("makes no dot twice where a clone went on under the own id", () => {
    const clones = edited(FIRST, REPLICA, creation("a"), creation("b"));
    const both = merged(FIRST, clones);
    expect(both.stamp.replica).not.toBe(REPLICA);
    expect(lengths(both)).toEqual({ [REPLICA]: [3], [both.stamp.replica]: [1] });
    const dots = logOf(both).map(({ replica, seq }) => `${replica} ${seq}`);
    expect(new Set(dots).size).toBe(dots.length);
    expect(logOf(both).at(-1)).toMatchObject(both.stamp);
  });

  test("is later than all that it brought, whatever the clocks say", () => {
    clock = NOW + 9000;
    const theirs = edited(FIRST, OTHER_REPLICA, creation("b"));
    clock = NOW;
    const both = merged(edited(FIRST, REPLICA, creation("a")), theirs);
    expect([both.stamp.hlc, copyOf(both).draft.index.hlc]).toEqual([NOW + 9001, NOW + 9001]);
  });
});

describe("the log of a merge", () => {
  const named = edited(
    FIRST,
    REPLICA,
    creation("a secret name", { fields: [field("pin", "a s3cr3t", true)] }),
  );
  const id = copyOf(named).draft.index.rows[0]?.[0] ?? "";

  test("has what the other side did and this one does not know, without values, before its own", () => {
    const theirs = edited(named, OTHER_REPLICA, change(id, { set: [field("pin", "new", true)] }));
    const both = merged(edited(named, REPLICA, creation("b")), theirs);
    expect(logOf(both).map(({ kind, replica }) => [kind, replica])).toEqual([
      ["merged", OTHER_REPLICA],
      ["change", REPLICA],
      ["change", REPLICA],
      ["change", REPLICA],
    ]);
    expect(logOf(both)[0]?.images).toMatchObject([{ registers: [{ key: "f:pin", before: undefined }] }]);
    expect(newestSeq(vectorOf(both), REPLICA)).toBe(4);
  });

  test("does not bring back the name of an entry that was erased here", () => {
    const theirs = edited(named, OTHER_REPLICA, { kind: "trash", id });
    const gone = edited(named, REPLICA, { kind: "trash", id });
    const erased = next(gone, REPLICA, (draft, context) => {
      applyEdit(draft, { kind: "purge", id }, context);
      return { kind: "barrier", erased: [id] };
    });
    expect(logText(theirs)).toContain("a secret name");
    expect(logText(erased)).not.toContain("a secret name");
    for (const both of [merged(erased, theirs), merged(theirs, erased, OTHER_REPLICA)]) {
      expect(logText(both)).not.toMatch(/a secret name|a s3cr3t/);
      expect(logText(both)).not.toContain(id);
    }
  });
});
