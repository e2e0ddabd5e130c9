// The entries in the vaults of test/vectors/format. Written out as JSON by hand, not by the encoder it tests.
/** An entry: its record, and its index row without id, offset and length. */
export interface Piece {
  readonly record: { readonly id: string; readonly [member: string]: unknown };
  readonly row: readonly unknown[];
}

export const REPLICA = "6f1d2c3b4a596877";
export const OTHER = "a0b1c2d3e4f50617";
export const T0 = 1_767_225_600_000;

/** The dot and the clock of save `seq`, as they stand behind a value. */
const by = (seq: number, replica: string = REPLICA): [string, number, number] => [replica, seq, T0 + seq];

export const id = (n: number): string => n.toString(16).padStart(32, "0");

/** One register with one sibling, written by save `seq`. */
export const once = (key: string, value: unknown, seq = 1): unknown => [key, [[value, ...by(seq)]]];

export const login = (
  n: number,
  path: string,
  fields: readonly unknown[] = [],
): { id: string; created: number; r: unknown[] } => ({
  id: id(n),
  created: T0,
  r: [once("live", true), once("path", path), once("type", "login"), ...fields],
});

/** The smallest vault that has one of each part that a broken vector breaks. */
export const SMALL: Piece = {
  record: {
    ...login(1, "work/github", [
      once("f:username", ["p", "alice"]),
      once("f:password", ["c", "s3cr3t"], 2),
      once("t:dev", true),
    ]),
    h: [["f:password", ["c", "older"], ...by(1)]],
    x: 0,
  },
  row: ["work/github", "alice", [], ["dev"], 256, T0 + 2],
};

const FULL_LOGIN: Piece = {
  record: {
    ...login(1, "work/github", [
      once("f:username", ["p", "alice"]),
      once("f:password", ["c", "s3cr3t"], 5),
      once("f:url", ["p", "https://GitHub.com:443/login?x=1"]),
      once("f:url2", ["p", "example.org/path"]),
      once("f:otp", ["c", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"]),
      once("f:notes", ["p", 'two\nlines\tand "quotes" \\ \u0001 \u007f \u2028']),
      once("f:gone", null, 4),
      once("t:dev", true),
      once("t:old", false, 3),
      once("m:expires", "2027-12-31"),
      once("m:favourite", true),
      once("m:recipe", "length=24"),
    ]),
    h: [
      ["f:password", ["c", "first"], ...by(1)],
      ["f:password", ["c", "second"], ...by(3)],
      ["f:gone", ["p", "removed"], ...by(2)],
    ],
  },
  row: ["work/github", "alice", ["github.com", "example.org"], ["dev"], 256 + 4 + 8, T0 + 5],
};

/** Text of any script, bytes that are not text, and a user name that is not shown in lists. */
const VALUES: Piece = {
  record: {
    id: id(2),
    created: T0 + 1,
    r: [
      once("live", true),
      once("path", "Ключи/naïve 🔑"),
      once("type", "custom"),
      once("f:empty", ["p", ""]),
      once("f:raw plain", ["P", "gP8="]),
      once("f:raw secret", ["C", "AP+A"]),
      once("f:lone", ["p", "\ud83d"]),
      once("f:username", ["c", "hidden"]),
      once("f:名前", ["c", "パスワード"]),
      once("t:été", true),
      once("t:b", true),
    ],
    h: [["f:raw secret", ["C", "/w=="], ...by(1)]],
  },
  row: ["Ключи/naïve 🔑", "", [], ["b", "été"], 0, T0 + 1],
};

/** Concurrent writes: what is shown is decided by clock, then replica, then JSON text. */
const SIBLINGS: Piece = {
  record: {
    id: id(3),
    created: T0,
    r: [
      [
        "live",
        [
          [false, ...by(9)],
          [true, ...by(2, OTHER)],
        ],
      ],
      [
        "path",
        [
          ["shared/new", ...by(8)],
          ["shared/old", ...by(2, OTHER)],
        ],
      ],
      once("type", "login"),
      [
        "f:password",
        [
          [["c", "by replica"], OTHER, 3, T0 + 7],
          [["c", "loses"], REPLICA, 7, T0 + 7],
        ],
      ],
      [
        "f:same clock",
        [
          [["p", "\uffee"], REPLICA, 6, T0 + 7],
          [["p", "😀"], REPLICA, 7, T0 + 7],
        ],
      ],
      [
        "t:dev",
        [
          [false, ...by(4)],
          [true, ...by(3, OTHER)],
        ],
      ],
    ],
    h: [],
  },
  row: ["shared/new", "", [], [], 256 + 16, T0 + 9],
};

const TRASHED: Piece = {
  record: {
    id: id(4),
    created: T0,
    r: [once("live", false, 6), once("path", "bin/note"), once("type", "note"), once("f:notes", ["c", "x"])],
    h: [],
  },
  row: ["bin/note", "", [], [], 512 + 1, T0 + 6],
};

const TOMBSTONE: Piece = {
  record: {
    id: id(5),
    created: T0,
    r: [once("f:password", null, 7), once("path", "", 7), once("live", false, 7), once("m:purged", true, 7)],
    h: [],
  },
  row: ["", "", [], [], 2, T0 + 7],
};

/** From a later version: a type, a register, a member and a column that this one does not know. */
const LATER: Piece = {
  record: {
    id: id(6),
    created: T0,
    r: [
      once("live", true),
      once("path", "later"),
      once("type", "passport"),
      once("x:new", { deep: [[[[[["but not too deep"]]]]]], none: null }),
    ],
    h: [],
    more: { a: [1, "two", null, true], b: 9_007_199_254_740_991 },
  },
  row: ["later", "", [], [], 0, T0 + 1, "a column", { of: ["a later", "version"] }],
};

export const EVERY_PIECE: readonly Piece[] = [FULL_LOGIN, VALUES, SIBLINGS, TRASHED, TOMBSTONE, LATER];

/** So much that records reach over chunks and the padding is Padmé's. */
export const LARGE: readonly Piece[] = Array.from({ length: 9 }, (_, n) => ({
  record: { ...login(n + 1, `large/${n}`, [once("f:notes", ["p", String(n).repeat(9000)])]), h: [] },
  row: [`large/${n}`, "", [], [], 256, T0 + 1],
}));

/** Two values of two replicas. */
export const divided = (key: string, mine: unknown, theirs: unknown): unknown => [
  key,
  [
    [mine, ...by(3)],
    [theirs, ...by(2, OTHER)],
  ],
];

/** What merging leaves: divided registers that are a conflict, and those that are none. */
export const DIVIDED: readonly Piece[] = [
  {
    record: {
      ...login(1, "equal values", [divided("f:password", ["c", "same"], ["c", "same"])]),
      h: [],
    },
    row: ["equal values", "", [], [], 256, T0 + 3],
  },
  {
    record: {
      id: `c0ffee01${id(2).slice(8)}`,
      created: T0,
      r: [
        divided("live", false, true),
        once("path", ""),
        once("type", "login"),
        once("f:username", ["p", "erased here, edited there"]),
        divided("m:purged", true, false),
      ],
      h: [],
    },
    row: ["recovered/c0ffee01", "erased here, edited there", [], [], 256, T0 + 3],
  },
  {
    record: {
      id: `c0ffee02${id(3).slice(8)}`,
      created: T0,
      r: [
        divided("live", false, false),
        once("path", ""),
        once("type", "note"),
        divided("f:notes", null, ["c", "edited there, then put into the trash"]),
        once("m:purged", true, 3),
      ],
      h: [],
    },
    row: ["recovered/c0ffee02", "", [], [], 512 + 16 + 1, T0 + 3],
  },
  {
    record: {
      id: id(4),
      created: T0,
      r: [
        divided("live", false, false),
        divided("path", "", "moved before it went to the trash"),
        once("type", "note"),
        divided("f:notes", null, null),
        once("m:purged", true, 3),
      ],
      h: [],
    },
    row: ["", "", [], [], 512 + 16 + 2, T0 + 3],
  },
];
