// What a share says of itself, malformed.
import type { Case } from "../../test/support/format-vectors.ts";
import { reseal, type TestVault } from "../../test/support/vault-builder.ts";
import { KEY_FILE } from "./cases.ts";
import { brokenContent } from "./content.ts";
import { difference } from "./difference.ts";
import { KEY_HISTORY } from "./log.ts";
import { put, type Row, type Text } from "./texts.ts";

const FACTS = { label: "ci", created: 1, notAfter: 2 };
const MEMBER = `"share":${JSON.stringify(FACTS)}`;
const RENEWED = `"keyHistory":${JSON.stringify(KEY_HISTORY)}`;

const root = (members: string): Text => put('"attachments":[]', members);
const share = (value: unknown): Text => root(`"attachments":[],"share":${JSON.stringify(value)}`);

const SHARE: readonly Row[] = [
  ["a text", share("ci")],
  ["null", share(null)],
  ["without an end", share({ label: "ci", created: 1 })],
  ["a label that is no text", share({ ...FACTS, label: 1 })],
  ["a time that is no number", share({ ...FACTS, created: null })],
  ["an end as a day", share({ ...FACTS, notAfter: "2027-01-01" })],
  ["members in another order", share({ created: 1, label: "ci", notAfter: 2 })],
  ["before the attachments", root(`${MEMBER},"attachments":[]`)],
  ["before the key history", root(`"attachments":[],${MEMBER},${RENEWED}`)],
  ["behind what is unknown", root(`"attachments":[],"x":0,${MEMBER}`)],
];

export function shareCases(small: TestVault): readonly Case[] {
  return SHARE.map(([name, change]) => ({
    name: `share: ${name}`,
    base: "PMV1-008",
    ...difference(small.file, reseal(small, brokenContent(small.slots, { root: change })).file),
    credentials: KEY_FILE,
    read: "all",
    expect: "record-invalid",
  }));
}
