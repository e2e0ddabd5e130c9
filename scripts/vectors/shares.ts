// What a share holds, and what the vault that it was made from remembers of it.
import { toBase64 } from "../../src/core/bytes.ts";
import { id, login, once, type Piece, T0 } from "./pieces.ts";

/** As pm seals them: one stamp for all, no history, and of one the flag that keeps it for programs. */
export const SHARED: readonly Piece[] = [
  {
    record: {
      ...login(1, "ci/deploy", [once("f:username", ["p", "bob"]), once("f:password", ["c", "s3cr3t"])]),
      h: [],
    },
    row: ["ci/deploy", "bob", [], [], 256, T0 + 1],
  },
  {
    record: { ...login(2, "ci/npm", [once("f:token", ["c", "t0ken"]), once("m:use-only", true)]), h: [] },
    row: ["ci/npm", "", [], [], 256, T0 + 1],
  },
];

const bytes = (length: number, first: number): string =>
  toBase64(Uint8Array.from({ length }, (_, n) => (first + n) & 255));

const known = (label: string, notAfter: number | null, fields: readonly string[] | null): unknown => ({
  label,
  created: T0,
  refreshed: T0 + 1,
  notAfter,
  only: ["ci/*", "web/**"],
  fields,
  path: "/home/mara/ci.pm",
  digest: "ab".repeat(32),
  hash: "cd".repeat(32),
  held: bytes(32, 0),
  key: bytes(32, 64),
  slot: bytes(192, 0),
});

export const REMEMBERED: readonly unknown[] = [
  once(`share:${id(1)}`, known("ci", T0 + 9, ["password"])),
  once(`share:${id(2)}`, known("ever", null, null)),
  once(`share:${id(3)}`, null, 3),
];
