/** The methods of VaultSession as the agent serves them: their arguments read, and how they run. */
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { BundleRefresh, NewBundle } from "../core/vault/bundle-info.ts";
import type { Json } from "../core/vault/json.ts";
import { ENTRY_TYPES } from "../core/vault/model.ts";
import type {
  CopySource,
  ListFilter,
  NewSlot,
  Purpose,
  Rewrap,
  VaultSession,
} from "../core/vault/session.ts";
import { edits } from "./edit-shapes.ts";
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

export interface Method {
  /** "read": looks at one version and is done. "alone": anything else. */
  readonly turn: "read" | "alone";
  readonly run: (session: VaultSession, args: readonly (Json | undefined)[]) => Promise<unknown>;
}

const PROFILE: Shape<KdfProfile> = oneOf("constrained", "interactive", "strong", "paranoid");
const PURPOSE: Shape<Purpose> = oneOf("show", "use", "search");

const FILTER: Shape<ListFilter> = object({
  prefix: optional(text),
  tags: optional(list(text)),
  type: optional(oneOf(...ENTRY_TYPES)),
  trashed: optional(flag),
});

const SECRET = { secret: bytes, label: text };
const NEW_SLOT: Shape<NewSlot> = tagged("type", {
  password: object({ type: oneOf("password"), password: bytes, profile: PROFILE, label: text }),
  "password-keyfile": object({
    type: oneOf("password-keyfile"),
    secret: bytes,
    password: bytes,
    profile: PROFILE,
    label: text,
  }),
  keyfile: object({ type: oneOf("keyfile"), ...SECRET }),
  recovery: object({ type: oneOf("recovery"), ...SECRET }),
  machine: object({ type: oneOf("machine"), ...SECRET }),
});

const REWRAP: Shape<Rewrap> = (value) => {
  const wait = oneOf("for the lock", "never");
  const { keyFile, ...given } = object({ password: bytes, keyFile: optional(bytes), profile: PROFILE, wait })(
    value,
  );
  return { ...given, keyFile };
};

const CREDENTIALS = object({
  password: optional(bytes),
  keyFile: optional(bytes),
  recovery: optional(bytes),
  token: optional(bytes),
});
const COPY: Shape<CopySource> = object({ path: text, credentials: optional(CREDENTIALS) });
const MERGE = object({ dryRun: flag, strict: flag });

const BUNDLE: Shape<NewBundle> = object({
  label: text,
  only: list(text),
  fields: orNull(list(text)),
  notAfter: orNull(count),
  path: text,
  secret: bytes,
});
const REFRESH: Shape<BundleRefresh> = object({
  notAfter: optional(orNull(count)),
  path: optional(text),
  hash: optional(text),
});

const read = (run: Method["run"]): Method => ({ turn: "read", run });
const alone = (run: Method["run"]): Method => ({ turn: "alone", run });

type Served = Exclude<keyof VaultSession, "rekey" | typeof Symbol.dispose>;

/** A new root key takes secrets that the agent must not be given, so it is made elsewhere. */
const METHODS: Readonly<Record<Served, Method>> = {
  resolve: read((session, [name]) => session.resolve(text(name))),
  nearest: read((session, [name]) => session.nearest(text(name))),
  list: read((session, [filter]) => session.list(FILTER(filter))),
  entry: read((session, [id, purpose]) => session.entry(text(id), PURPOSE(purpose))),
  attachment: read((session, [id, name, purpose]) =>
    session.attachment(text(id), text(name), PURPOSE(purpose)),
  ),
  confirm: alone((session, [password]) => session.confirm(bytes(password))),
  info: alone((session) => session.info()),
  edit: alone((session, [given]) => session.edit(edits(given))),
  verify: alone((session) => session.verify()),
  addSlot: alone((session, [slot]) => session.addSlot(NEW_SLOT(slot))),
  removeSlot: alone((session, [id]) => session.removeSlot(text(id))),
  changePassword: alone((session, [password, profile, keyFile]) =>
    session.changePassword(bytes(password), PROFILE(profile), optional(bytes)(keyFile)),
  ),
  rewrapPassword: alone((session, [rewrap]) => session.rewrapPassword(REWRAP(rewrap))),
  bundles: alone((session) => session.bundles()),
  addBundle: alone((session, [bundle]) => session.addBundle(BUNDLE(bundle))),
  refreshBundle: alone((session, [id, wanted]) => session.refreshBundle(text(id), REFRESH(wanted))),
  removeBundle: alone((session, [id]) => session.removeBundle(text(id))),
  log: alone((session) => session.log()),
  accessLog: read((session, [limit]) => session.accessLog(optional(count)(limit))),
  undo: alone((session, [number]) => session.undo(count(number))),
  conflicts: alone((session) => session.conflicts()),
  compare: alone((session, [copy]) => session.compare(COPY(copy))),
  restore: alone((session, [copy]) => session.restore(COPY(copy))),
  merge: alone((session, [copy, options]) => session.merge(COPY(copy), MERGE(options))),
};

/** @throws PmError "usage" where the agent serves no such method */
export function methodOf(name: string): Method {
  const known: Readonly<Record<string, Method>> = METHODS;
  const method = Object.hasOwn(known, name) ? known[name] : undefined;
  if (method === undefined)
    throw new PmError("usage", "the agent does not do this", { hint: "add --no-agent" });
  return method;
}
