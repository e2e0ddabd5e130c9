/** The part of JSON Schema (draft 2020-12) that docs/json.md uses, read strictly. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

export type Definitions = Readonly<Record<string, Schema>>;

const KEYWORDS: ReadonlySet<string> = new Set(
  "$ref type const enum pattern required properties additionalProperties items".split(" "),
);

/** The schema blocks of a Markdown page, each under the title before it. */
export function readDefinitions(markdown: string): Definitions {
  const definitions: Record<string, Schema> = {};
  for (const section of markdown.split(/^## /m).slice(1)) {
    const name = section.slice(0, section.indexOf("\n"));
    const block = /^```json\n([^]*?)^```$/m.exec(section)?.[1];
    if (block === undefined) throw new Error(`${name} has no schema`);
    definitions[name] = JSON.parse(block) as Schema;
  }
  return definitions;
}

/**
 * What is wrong with `value`, each with its place. A member that the schema does not name is wrong, too:
 * the page would not be complete.
 */
export function violations(value: unknown, schema: Schema, definitions: Definitions, at = "$"): string[] {
  const unknown = Object.keys(schema).find((key) => !KEYWORDS.has(key));
  if (unknown !== undefined) return [`${at}: the schema uses ${unknown}, which is not implemented`];
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.replace("#/$defs/", "")];
    return target === undefined
      ? [`${at}: no definition ${schema.$ref}`]
      : violations(value, target, definitions, at);
  }
  const problems = scalarProblems(value, schema).map((problem) => `${at}: ${problem}`);
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    return [
      ...problems,
      ...value.flatMap((item, index) => violations(item, items, definitions, `${at}[${index}]`)),
    ];
  }
  if (typeOf(value) !== "object") return problems;
  return [...problems, ...memberProblems(value as Record<string, unknown>, schema, definitions, at)];
}

function scalarProblems(value: unknown, schema: Schema): string[] {
  const types = typeof schema.type === "string" ? [schema.type] : schema.type;
  const actual = typeOf(value);
  const isType =
    types === undefined || types.includes(actual) || (actual === "integer" && types.includes("number"));
  const { pattern } = schema;
  return [
    ...(isType ? [] : [`is ${actual}`]),
    ...(schema.const === undefined || schema.const === value
      ? []
      : [`is not ${JSON.stringify(schema.const)}`]),
    ...(schema.enum === undefined || schema.enum.includes(value) ? [] : ["is not one of the words"]),
    ...(pattern === undefined || typeof value !== "string" || new RegExp(pattern, "u").test(value)
      ? []
      : [`does not match ${pattern}`]),
  ];
}

function memberProblems(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  definitions: Definitions,
  at: string,
): string[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const properties = schema.properties ?? {};
  const members = Object.entries(value).flatMap(([name, member]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
    const place = `${at}.${name}`;
    return known === undefined
      ? [`${place}: is not documented`]
      : violations(member, known, definitions, place);
  });
  return [...missing.map((name) => `${at}: has no ${name}`), ...members];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}
