// Entries with the flag that keeps them for programs: set, taken away, set differently by two devices, erased.
import { divided, id, login, once, type Piece, T0 } from "./pieces.ts";

export const USE_ONLY: readonly Piece[] = [
  {
    record: {
      ...login(1, "flagged", [once("f:password", ["c", "s3cr3t"]), once("m:use-only", true)]),
      h: [],
    },
    row: ["flagged", "", [], [], 256, T0 + 1],
  },
  {
    record: {
      ...login(2, "free again", [once("f:password", ["c", "s3cr3t"]), once("m:use-only", false, 2)]),
      h: [],
    },
    row: ["free again", "", [], [], 256, T0 + 2],
  },
  {
    record: {
      ...login(3, "set there, taken away here", [
        once("f:password", ["c", "s3cr3t"]),
        divided("m:use-only", false, true),
      ]),
      h: [],
    },
    row: ["set there, taken away here", "", [], [], 256 + 16, T0 + 3],
  },
  {
    record: {
      id: id(4),
      created: T0,
      r: [
        once("f:password", null, 7),
        once("m:use-only", true),
        once("path", "", 7),
        once("live", false, 7),
        once("m:purged", true, 7),
      ],
      h: [],
    },
    row: ["", "", [], [], 2, T0 + 7],
  },
];
