/**
 * What stands in the fields of 1Password, as text: the kinds of values of support.1password.com/1pux-format, and
 * those that the importers of Bitwarden and KeePassXC know beside them.
 */
import { dayOf } from "../vault/day.ts";
import { flattened, listOf, member, numberOf, objectOf, textOf } from "./json-parts.ts";

export interface OnePuxValue {
  readonly kind: string;
  /** "" where the field is empty. */
  readonly text: string;
  readonly concealed: boolean;
  /** What belongs to it beside its text, under names of its own. */
  readonly more: readonly (readonly [string, string])[];
}

const CONCEALED_KINDS: ReadonlySet<string> = new Set(["concealed", "totp", "creditCardNumber", "sshKey"]);

/** How a value of that kind reads; other kinds are texts, or flattened where they have members. */
const READERS: Readonly<Record<string, (content: unknown) => string>> = {
  date: (content) => dayOf(numberOf(content) ?? Number.NaN) ?? textOf(content),
  monthYear: (content) => textOf(content).replace(/^(\d{4})(\d{2})$/, "$1-$2"),
  email: (content) => textOf(content) || textOf(member(content, "email_address")),
  address: addressText,
  sshKey: privateKey,
};

/** Members of a value that say nothing that its text does not say. */
const SPENT: Readonly<Record<string, readonly string[]>> = {
  email: ["email_address"],
  address: ["street", "city", "state", "zip", "country"],
  sshKey: ["privateKey", "metadata"],
};

/**
 * The value of a field: an object with one member, named after the kind.
 * @param titleOf of the item with that id
 */
export function onePuxValue(value: unknown, titleOf: (id: string) => string | undefined): OnePuxValue {
  const [first = ["text", ""], ...others] = Object.entries(objectOf(value) ?? { text: textOf(value) });
  const [kind, content] = first;
  const read = kind === "reference" ? referenceText(titleOf) : (READERS[kind] ?? textOf);
  const more = [...moreOf(kind, content), ...others.flatMap(([name, inner]) => flattened(name, inner))];
  return { kind, text: read(content), concealed: CONCEALED_KINDS.has(kind), more };
}

function referenceText(titleOf: (id: string) => string | undefined): (content: unknown) => string {
  return (content) => titleOf(textOf(content)) ?? textOf(content);
}

function moreOf(kind: string, content: unknown): OnePuxValue["more"] {
  if (kind === "file") return [];
  const rest = Object.entries(objectOf(content) ?? {}).filter(
    ([name]) => !(SPENT[kind] ?? []).includes(name),
  );
  const items = listOf(content).map((item, n) => [String(n + 1), item] as const);
  const metadata = kind === "sshKey" ? objectOf(member(content, "metadata")) : undefined;
  const key = Object.entries(metadata ?? {}).filter(([name]) => name !== "privateKey");
  return [...rest, ...items, ...key].flatMap(([name, inner]) => flattened(name, inner));
}

function addressText(content: unknown): string {
  const lines = ["street", "city", "state", "zip", "country"].map((part) => textOf(member(content, part)));
  return lines.filter((line) => line !== "").join("\n");
}

/** The same key stands there twice; OpenSSH's own form is the one that ssh and pm's agent take anywhere. */
function privateKey(content: unknown): string {
  const forms = [member(content, "privateKey"), member(member(content, "metadata"), "privateKey")].map(
    textOf,
  );
  return (
    forms.find((form) => form.startsWith("-----BEGIN OPENSSH")) ?? forms.findLast((form) => form !== "") ?? ""
  );
}
