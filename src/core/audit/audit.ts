/** The checks of `pm audit` that need nothing but the vault. */
import { SCORE_WORDS } from "../generate/strength.ts";
import { compareText } from "../vault/query.ts";
import type { EntryFacts, Password } from "./facts.ts";
import { type AuditFinding, FINDING_KINDS, type FindingKind } from "./finding.ts";
import { similarGroups } from "./similar.ts";

export interface AuditRequest {
  readonly kinds: ReadonlySet<FindingKind>;
  /** The lowest score that is not weak. */
  readonly minScore: number;
  /** YYYY-MM-DD in the user's time zone. */
  readonly today: string;
  /** Values written earlier are old: epoch milliseconds. */
  readonly oldBefore: number;
  /** The same moment of a write as people read it. */
  readonly dayOf: (epochMs: number) => string;
  /** Called before every piece of work that takes some time, so that the process can do something else. */
  readonly pause: (step: AuditStep) => Promise<void>;
}

/** How far it is. */
export interface AuditStep {
  readonly work: "judging" | "comparing";
  /** Passwords. */
  readonly done: number;
  readonly all: number;
}

/** A password, and where it stands. */
export interface Place {
  readonly entry: EntryFacts;
  readonly password: Password;
}

/** Passwords by their text, in the order of the entries. */
export type Places = ReadonlyMap<string, readonly Place[]>;

export function placesOf(entries: readonly EntryFacts[]): Places {
  const all = entries.flatMap((entry) => entry.passwords.map((password) => ({ entry, password })));
  return Map.groupBy(all, ({ password }) => password.text);
}

export async function auditFacts(
  entries: readonly EntryFacts[],
  places: Places,
  request: AuditRequest,
): Promise<readonly AuditFinding[]> {
  const { kinds } = request;
  const all = [...places.values()].flat();
  const named = kinds.has("name") ? all.filter(isName) : [];
  return [
    ...(kinds.has("reused") ? reused(places) : []),
    ...named.map((place) => about("name", place, "is a name of the entry, of its user or of its host")),
    ...(kinds.has("weak") ? await weak(all, new Set(named), request) : []),
    ...(kinds.has("similar") ? await similar(places, request) : []),
    ...(kinds.has("expired") ? entries.flatMap((entry) => expired(entry, request.today)) : []),
    ...(kinds.has("old") ? all.flatMap((place) => old(place, request)) : []),
    ...(kinds.has("http") ? entries.flatMap(plainUrls) : []),
  ];
}

/** By kind, then what belongs together, then by path and field. */
export function sortFindings(findings: readonly AuditFinding[]): readonly AuditFinding[] {
  const rank = (kind: FindingKind): number => FINDING_KINDS.indexOf(kind);
  return findings.toSorted(
    (a, b) =>
      rank(a.kind) - rank(b.kind) ||
      (a.group ?? 0) - (b.group ?? 0) ||
      compareText(a.path, b.path) ||
      compareText(a.id, b.id) ||
      compareText(a.field ?? "", b.field ?? ""),
  );
}

export function about(
  kind: FindingKind,
  { entry, password }: Place,
  text: string,
  more: Pick<AuditFinding, "group" | "count"> = {},
): AuditFinding {
  const { id, path, type } = entry;
  return { kind, id, path, type, field: password.field, text, ...more };
}

function isInSeveralEntries(places: readonly Place[]): boolean {
  return new Set(places.map(({ entry }) => entry.id)).size > 1;
}

function reused(places: Places): readonly AuditFinding[] {
  const groups = [...places.values()].filter(isInSeveralEntries);
  return groups.flatMap((group, at) =>
    group.map((place) =>
      about("reused", place, `one value in ${group.length} places, group ${at + 1}`, {
        group: at + 1,
        count: group.length,
      }),
    ),
  );
}

async function similar(places: Places, { pause }: AuditRequest): Promise<readonly AuditFinding[]> {
  const values = [...places.keys()];
  const all = values.length;
  const found = await similarGroups(values, (done) => pause({ work: "comparing", done, all }));
  const groups = found
    .map((group) => group.flatMap((at) => places.get(values[at] ?? "") ?? []))
    .filter(isInSeveralEntries);
  return groups.flatMap((group, at) =>
    group.map((place) =>
      about("similar", place, `nearly the same in ${group.length} places, group ${at + 1}`, {
        group: at + 1,
        count: group.length,
      }),
    ),
  );
}

function isName({ password }: Place): boolean {
  return password.names.has(password.text.toLowerCase());
}

/** So many that are surely strong are judged before others have their turn. */
const AT_ONCE = 64;

async function weak(
  all: readonly Place[],
  told: ReadonlySet<Place>,
  { minScore, pause }: AuditRequest,
): Promise<readonly AuditFinding[]> {
  const { createWeakCheck } = await import("./weak.ts");
  const check = await createWeakCheck(minScore);
  const findings: AuditFinding[] = [];
  for (const [at, place] of all.entries()) {
    const isPassed = told.has(place) || check.isStrong(place.password);
    if (!isPassed || at % AT_ONCE === 0) await pause({ work: "judging", done: at, all: all.length });
    if (isPassed) continue;
    const score = check.score(place.password);
    if (score < minScore) findings.push(about("weak", place, `score ${score} of 4, ${SCORE_WORDS[score]}`));
  }
  return findings;
}

function old(place: Place, { oldBefore, dayOf }: AuditRequest): readonly AuditFinding[] {
  const { written } = place.password;
  if (written === undefined || written >= oldBefore) return [];
  return [about("old", place, `unchanged since ${dayOf(written)}`)];
}

function expired({ id, path, type, expires }: EntryFacts, today: string): readonly AuditFinding[] {
  if (expires === undefined || expires >= today) return [];
  return [{ kind: "expired", id, path, type, text: `expired on ${expires}` }];
}

function plainUrls({ id, path, type, plainUrls: urls }: EntryFacts): readonly AuditFinding[] {
  return urls.map(({ field, host }) => ({
    kind: "http",
    id,
    path,
    type,
    field,
    text: `http://${host} is without TLS`,
  }));
}
