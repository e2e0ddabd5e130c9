import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { PmError } from "../../src/core/errors.ts";
import { entryToJson, fieldsToJson, parseEntryJson } from "../../src/cli/entry-json.ts";
import { binary, entryOf, plain, secret } from "../support/entries.ts";

const NOW = Date.UTC(2026, 0, 1);

const full = entryOf({
  type: "custom",
  fields: [plain("user name", "mara"), secret("token", " a\nb "), binary("blob", "/w==")],
  tags: ["work"],
  expires: "2027-01-31",
  favourite: true,
  useOnly: true,
  recipe: "length=20",
  history: [{ field: "token", value: secret("token", "old"), written: NOW }],
  conflicts: ["token"],
});

describe("an entry as JSON", () => {
  test("can be read back, whatever it holds", () => {
    const json = JSON.stringify(entryToJson(full, { reveal: true, history: true }));
    const { path, type, fields, tags, expires, favourite, useOnly, recipe } = full;
    const facts = { path, type, fields, tags, expires, favourite, useOnly, recipe };
    expect(parseEntryJson(utf8(json), NOW)).toEqual(facts);
  });

  test("hides concealed values, also earlier ones, unless asked", () => {
    const text = JSON.stringify(entryToJson(full, { reveal: false, history: true }));
    expect(text).not.toMatch(/a\\nb|old|\/w==/);
    expect(entryToJson(full, { reveal: false, history: false })).toMatchObject({
      fields: [{ value: "mara" }, { value: null, concealed: true }, { value: null, concealed: true }],
    });
  });

  test("has times in ISO 8601", () => {
    expect(entryToJson(full, { reveal: false, history: true })).toMatchObject({
      created: "2026-01-02T03:04:05.006Z",
      history: [{ written: "2026-01-01T00:00:00.000Z" }],
    });
  });
});

describe("fields as JSON", () => {
  test("one by itself", () => {
    expect(fieldsToJson(full, [secret("token", "x")])).toEqual({
      v: 1,
      id: full.id,
      path: full.path,
      field: "token",
      value: "x",
    });
    expect(fieldsToJson(full, [binary("blob", "/w==")])).toMatchObject({ value: "/w==", encoding: "base64" });
  });

  test("several as an object, with the encodings only where one is no text", () => {
    expect(fieldsToJson(full, [plain("a", "1"), plain("__proto__", "2")])).toEqual(
      JSON.parse(`{"v":1,"id":"${full.id}","path":"web/github","fields":{"a":"1","__proto__":"2"}}`),
    );
    expect(fieldsToJson(full, [plain("a", "1"), binary("b", "/w==")])).toMatchObject({
      encodings: { b: "base64" },
    });
  });
});

describe("JSON that is no entry", () => {
  test.each<[string, string]>([
    ["hunter2", "is not one JSON object"],
    ['["hunter2"]', "is not an object"],
    ['{"hunter2":1} x', "is not one JSON object"],
    ['{"feilds":["hunter2"]}', '"feilds" is not known'],
    ['{"v":2}', '"v" is not 1'],
    ['{"type":"hunter"}', '"hunter" is not a type'],
    ['{"type":5}', '"type" is not a text'],
    ['{"path":"a//b"}', "an empty part"],
    ['{"fields":{"password":"hunter2"}}', '"fields" is not a list'],
    ['{"fields":["hunter2"]}', 'an item of the JSON key "fields" is not an object'],
    ['{"fields":[{"name":"x","value":null}]}', 'field "x" has no value'],
    ['{"fields":[{"name":"x","value":""}]}', 'the value of "x" is empty'],
    ['{"fields":[{"name":"x","value":5}]}', 'the value of "x" is not a text'],
    ['{"fields":[{"name":"x","value":"hunter2","encoding":"base64"}]}', 'value of "x" is not base64'],
    ['{"fields":[{"name":"x","value":"a","encoding":"hex"}]}', 'encoding of "x" is not known'],
    ['{"fields":[{"name":"x","value":"a"},{"name":"x","value":"b"}]}', 'field "x" is given twice'],
    ['{"fields":[{"name":"x","value":"a","concealed":"no"}]}', '"concealed" is not true or false'],
    ['{"fields":[{"name":"x","value":"\\ud800"}]}', "is not a text"],
    ['{"tags":["a,b"]}', "comma"],
    ['{"favourite":"yes"}', '"favourite" is not true or false'],
    ['{"useOnly":1}', '"useOnly" is not true or false'],
    ['{"expires":"soon"}', "is not a day"],
  ])("%s", (json, message) => {
    let error: unknown;
    try {
      parseEntryJson(utf8(json), NOW);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PmError);
    expect(error).toMatchObject({ code: "usage" });
    expect((error as PmError).message).toContain(message);
    expect((error as PmError).message).not.toContain("hunter2");
  });

  test("more than 64 fields", () => {
    const fields = Array.from({ length: 65 }, (_, index) => ({ name: `f${index}`, value: "x" }));
    expect(() => parseEntryJson(utf8(JSON.stringify({ fields })), NOW)).toThrow("65 fields");
  });
});

test("a field without a word about it is concealed by its name", () => {
  const json = '{"fields":[{"name":"password","value":"x"},{"name":"url","value":"y"}]}';
  expect(parseEntryJson(utf8(json), NOW)).toMatchObject({
    type: "login",
    fields: [{ concealed: true }, { concealed: false }],
  });
});
