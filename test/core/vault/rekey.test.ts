import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { rootKeyId } from "../../../src/core/crypto/keys.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { followsFrom, keyChange, type RootKeyOf } from "../../../src/core/vault/rekey.ts";
import { encodeRoot, type KeyChange, parseRoot } from "../../../src/core/vault/root.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { EMPTY_ROOT } from "../../support/draft-builder.ts";
import { verdict } from "../../support/vault-builder.ts";

const CRYPTO = nativeBackend;

/** The root key of an epoch: 32 bytes that count on. */
const key = (epoch: number): RootKeyOf => ({
  epoch,
  rootKey: Uint8Array.from({ length: 32 }, (_, n) => 32 * (epoch - 1) + n),
});
const change = (epoch: number): KeyChange => keyChange(CRYPTO, key(epoch), key(epoch + 1));
const vault = (
  epoch: number,
  ...keyHistory: readonly KeyChange[]
): RootKeyOf & { keyHistory: readonly KeyChange[] } => ({ ...key(epoch), keyHistory });
const follows = (known: RootKeyOf, of: ReturnType<typeof vault>): boolean => followsFrom(CRYPTO, known, of);

describe("a renewal of the root key", () => {
  // Computed by the reader in test/python, which was written from docs/format.md alone.
  test.each([nativeBackend, nobleBackend])("is said as docs/format.md has it, by $name", (crypto) => {
    expect(keyChange(crypto, key(1), key(2))).toEqual({
      epoch: 1,
      keyId: "39b560b2dee1ec032fb9e031875e5fad",
      mac: "89dba6709ef9b90d9f0db4840c7720dd9e19b20ee185c79d8bd4964a29c9be5b",
    });
    expect(rootKeyId(crypto, key(2).rootKey)).toBe("6871aaab679a00b8a1fc2cd5a7d00d4c");
  });

  test("is proven to who knew the key before", () => {
    expect(follows(key(1), vault(2, change(1)))).toBe(true);
  });

  test("is proven over two renewals, from either of the keys before", () => {
    const renewed = vault(3, change(1), change(2));
    expect([follows(key(1), renewed), follows(key(2), renewed)]).toEqual([true, true]);
  });

  test("is proven where the oldest items are gone", () => {
    expect(follows(key(2), vault(3, change(2)))).toBe(true);
    expect(follows(key(1), vault(3, change(2)))).toBe(false);
  });
});

describe("no renewal is", () => {
  const forged = keyChange(CRYPTO, { epoch: 1, rootKey: key(5).rootKey }, key(2));
  const flipped = (mac: string): string => (mac.startsWith("0") ? "1" : "0") + mac.slice(1);

  test.each<[what: string, known: RootKeyOf, vault: ReturnType<typeof vault>]>([
    ["a key without a history", key(1), vault(2)],
    ["the same key", key(2), vault(2, change(1))],
    ["an older key", key(3), vault(2, change(1))],
    ["a key that another one led to", key(1), vault(2, forged)],
    ["that under the id of the known one", key(1), vault(2, { ...change(1), mac: forged.mac })],
    ["a proof with one digit changed", key(1), vault(2, { ...change(1), mac: flipped(change(1).mac) })],
    ["a proof cut short", key(1), vault(2, { ...change(1), mac: change(1).mac.slice(0, 62) })],
    ["a proof in capitals", key(1), vault(2, { ...change(1), mac: change(1).mac.toUpperCase() })],
    ["an empty proof", key(1), vault(2, { ...change(1), mac: "" })],
    ["another key behind a right proof", key(1), { ...vault(2, change(1)), rootKey: key(7).rootKey }],
    ["the right key of another epoch", key(1), { ...vault(3, change(1)), rootKey: key(2).rootKey }],
    ["a renewal under another epoch's number", { ...key(1), epoch: 2 }, vault(2, change(1))],
    ["two renewals in another order", key(1), vault(3, change(2), change(1))],
    ["two renewals of which the second is missing", key(1), vault(3, change(1))],
    ["two renewals, the first of another key", key(1), vault(3, forged, change(2))],
    [
      "two renewals with another key between",
      key(1),
      vault(3, change(1), keyChange(CRYPTO, { ...key(8), epoch: 2 }, key(3))),
    ],
  ])("%s", (_what, known, of) => {
    expect(follows(known, of)).toBe(false);
  });
});

describe("the key history in the root record", () => {
  const text = (keyHistory: readonly KeyChange[], unknown = {}): string =>
    fromUtf8(encodeRoot({ ...EMPTY_ROOT, keyEpoch: 3, keyHistory, unknown })) ?? "";
  const read = (json: string): string => verdict(() => parseRoot(utf8(json)));
  const ONE = `[1,"${change(1).keyId}","${change(1).mac}"]`;

  test("is read as it was written, before what a later version added", () => {
    const json = text([change(1), change(2)], { later: 1 });
    expect(json).toContain(`"attachments":[],"keyHistory":[${ONE},[2,`);
    expect(json.endsWith(']],"later":1}')).toBe(true);
    expect(parseRoot(utf8(json)).keyHistory).toEqual([change(1), change(2)]);
    expect(parseRoot(utf8(json)).unknown).toEqual({ later: 1 });
  });

  test("is absent where the key was never renewed", () => {
    expect(text([])).not.toContain("keyHistory");
    expect(parseRoot(utf8(text([]))).keyHistory).toEqual([]);
  });

  test.each<[what: string, history: string]>([
    ["that is empty", "[]"],
    ["that is null", "null"],
    ["that is an object", "{}"],
    ["with a number", "[1]"],
    ["with null", "[null]"],
    ["without a proof", `[${ONE.replace(/,"\w+"\]$/, "]")}]`],
    ["with a fourth part", `[${ONE.replace("]", ",0]")}]`],
    ["of epoch 0", `[${ONE.replace("[1", "[0")}]`],
    ["of an epoch as text", `[${ONE.replace("[1", '["1"')}]`],
    ["of a key id of 31 digits", `[${ONE.replace(/,"\w/, ',"')}]`],
    ["of a key id in capitals", `[${ONE.replace(/,"\w+",/, (id) => id.toUpperCase())}]`],
    ["of a key id that is a number", `[${ONE.replace(/,"\w+",/, ",1,")}]`],
    ["of a proof of 65 digits", `[${ONE.replace(/"\]$/, '0"]')}]`],
    ["of a proof that is null", `[${ONE.replace(/"\w+"\]$/, "null]")}]`],
    ["with a second item that is malformed", `[${ONE},[2]]`],
  ])("%s is refused", (_what, history) => {
    const json = text([change(1)]);
    expect(read(json)).toBe("ok");
    expect(read(json.replace(`[${ONE}]`, history))).toBe("record-invalid");
  });

  test("in another place among the members is refused", () => {
    const json = text([change(1)], { later: 1 });
    const [member = ""] = /"keyHistory":.*\]\],/.exec(json) ?? [];
    expect(read(json.replace(member, "").replace(/\}$/, `,${member.slice(0, -1)}}`))).toBe("record-invalid");
    expect(read(json.replace(member, "").replace('"attachments"', `${member}"attachments"`))).toBe(
      "record-invalid",
    );
  });
});
