/** Edits as the agent reads them: nothing else reaches the vault. */
import type { EarlierValue, Edit, MetaEdit, NewAttachment } from "../core/vault/edit.ts";
import type { Expected } from "../core/vault/expected.ts";
import { ENTRY_TYPES, type EntryType, type Field } from "../core/vault/model.ts";
import {
  bytes,
  count,
  flag,
  list,
  object,
  oneOf,
  optional,
  orNull,
  type Shape,
  tagged,
  text,
} from "./shape.ts";

const TYPE: Shape<EntryType> = oneOf(...ENTRY_TYPES);
const VALUE = { text, encoding: oneOf("utf8", "base64"), concealed: flag };
const FIELDS: Shape<readonly Field[]> = list(object({ name: text, ...VALUE }));
const TEXTS = list(text);

const META: Shape<MetaEdit> = object({
  expires: optional(orNull(text)),
  favourite: optional(flag),
  useOnly: optional(flag),
  recipe: optional(orNull(text)),
});

const EARLIER: Shape<readonly EarlierValue[]> = list(
  object({ field: text, value: object(VALUE), written: optional(count) }),
);
const ATTACHMENT = { name: text, bytes };
const ATTACHMENTS: Shape<readonly NewAttachment[]> = list(object(ATTACHMENT));

const EXPECTED: Shape<Expected> = object({
  path: optional(text),
  type: optional(TYPE),
  expires: optional(orNull(text)),
  favourite: optional(flag),
  useOnly: optional(flag),
  fields: FIELDS,
  absent: TEXTS,
});

const EDIT: Shape<Edit> = tagged("kind", {
  create: object({
    kind: oneOf("create"),
    path: text,
    type: TYPE,
    fields: FIELDS,
    tags: TEXTS,
    meta: META,
    attachments: optional(ATTACHMENTS),
    history: optional(EARLIER),
    created: optional(count),
    trashed: optional(flag),
    existing: oneOf("refuse", "replace"),
  }),
  update: object({
    kind: oneOf("update"),
    id: text,
    set: FIELDS,
    unset: TEXTS,
    addTags: TEXTS,
    removeTags: TEXTS,
    type: optional(TYPE),
    meta: META,
    expected: optional(EXPECTED),
  }),
  move: object({ kind: oneOf("move"), id: text, path: text, existing: oneOf("refuse", "trash") }),
  copy: object({ kind: oneOf("copy"), id: text, path: text, existing: oneOf("refuse", "replace") }),
  trash: object({ kind: oneOf("trash"), id: text }),
  restore: object({ kind: oneOf("restore"), id: text }),
  purge: object({ kind: oneOf("purge"), id: text }),
  attach: object({
    kind: oneOf("attach"),
    id: text,
    ...ATTACHMENT,
    existing: oneOf("refuse", "replace"),
  }),
  detach: object({ kind: oneOf("detach"), id: text, name: text }),
  resolve: object({ kind: oneOf("resolve"), id: text, key: text, number: count }),
});

export const edits: Shape<readonly Edit[]> = list(EDIT);
