import { describe, expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import type { EntryType, Field } from "../../src/core/vault/model.ts";
import { type FieldArg, judgeFields, literalArg, parseFieldArgs } from "../../src/cli/fields.ts";
import { plain, secret } from "../support/entries.ts";

interface Rules {
  readonly type?: EntryType;
  readonly existing?: readonly Field[];
  readonly secretsInArgv?: boolean;
}

function judge(args: readonly string[], rules: Rules = {}): readonly FieldArg[] {
  return judgeFields(parseFieldArgs(args), { type: "login", existing: [], secretsInArgv: false, ...rules });
}

function refused(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PmError && error.code === "usage") return `${error.message}\n${error.hint}`;
    throw error;
  }
  throw new Error("was not refused");
}

describe("the grammar", () => {
  test.each<[string, Partial<FieldArg>]>([
    ["username=mara", { name: "username", source: { kind: "text", text: "mara" } }],
    ["username=a=b=c", { name: "username", source: { kind: "text", text: "a=b=c" } }],
    ["username= x ", { source: { kind: "text", text: " x " } }],
    ["full name=Mara", { name: "full name" }],
    ["url=@@home", { source: { kind: "text", text: "@home" } }],
    ["url=@@", { source: { kind: "text", text: "@" } }],
    ["password=-", { source: { kind: "stdin" } }],
    ["username=--", { source: { kind: "text", text: "--" } }],
    ["password=@some file", { source: { kind: "file", path: "some file" } }],
    ["pass:secret=-", { name: "pass", concealed: true }],
    ["token:plain=x", { name: "token", concealed: false }],
    ["a:b=x", { name: "a:b", concealed: undefined }],
  ])("%s", (arg, expected) => {
    expect(parseFieldArgs([arg])[0]).toMatchObject(expected);
  });

  test.each([["hunter2"], ["=hunter2"], [""], ["hun ter2"]])("never repeats the argument %j", (arg) => {
    const message = refused(() => parseFieldArgs(["username=x", arg]));
    expect(message).toContain("field argument 2");
    expect(message).not.toContain("hunter");
  });

  test.each(["username=", "password=@"])("refuses the empty value of %s", (arg) => {
    expect(refused(() => parseFieldArgs([arg]))).toMatch(/is empty\npm unset/);
  });

  test("an option's text is taken as it stands", () => {
    expect(literalArg("username", "@mara").source).toEqual({ kind: "text", text: "@mara" });
    expect(literalArg("username", "-").source).toEqual({ kind: "text", text: "-" });
  });
});

describe("secrets in arguments", () => {
  test.each<[string, Rules]>([
    ["password=hunter2", {}],
    ["PASSWORD=hunter2", {}],
    ["otp=hunter2", {}],
    ["number=hunter2", { type: "card" }],
    ["notes=hunter2", { type: "note" }],
    ["token=hunter2", { type: "custom" }],
    ["answer:secret=hunter2", { type: "custom" }],
    ["answer=hunter2", { existing: [secret("answer", "x")] }],
    ["ANSWER=hunter2", { existing: [secret("answer", "x")] }],
    ["password=@@hunter2", {}],
  ])("refuse %s and do not repeat it", (arg, rules) => {
    const message = refused(() => judge([arg], rules));
    expect(message).toMatch(/is secret.*\n.*=-.*=@FILE/);
    expect(message).not.toContain("hunter2");
  });

  test.each<[string, Rules]>([
    ["password=@file", {}],
    ["password=-", {}],
    ["password=hunter2", { secretsInArgv: true }],
    ["notes=text", {}],
    ["token:plain=x", { type: "custom" }],
    ["token:plain=x", { type: "login" }],
    ["token=x", { existing: [plain("token", "y")] }],
  ])("allow %s %j", (arg, rules) => {
    expect(judge([arg], rules)).toHaveLength(1);
  });

  test.each<[string, Rules]>([
    ["password:plain=hunter2", {}],
    ["otp:plain=-", {}],
    ["password:plain=hunter2", { type: "custom" }],
    ["number:plain=hunter2", { type: "card" }],
  ])("can't be declared plain: %s", (arg, rules) => {
    expect(refused(() => judge([arg], rules))).toContain("is always secret");
  });
});

describe("names", () => {
  test.each<[string, Rules, string, boolean]>([
    ["user=x", {}, "username", false],
    ["USERNAME=x", {}, "username", false],
    ["user=x", { type: "custom" }, "user", false],
    ["user=x", { existing: [plain("user", "y")] }, "user", false],
    ["region=x", { existing: [plain("Region", "y")] }, "Region", false],
    ["region=x", { existing: [plain("Region", "y"), plain("REGION", "z")] }, "region", false],
    ["Password=-", {}, "password", true],
    ["username:secret=-", {}, "username", true],
  ])("%s %j means %s", (arg, rules, name, concealed) => {
    expect(judge([arg], rules)[0]).toMatchObject({ name, concealed });
  });

  test("given twice are refused, also by an alias", () => {
    expect(refused(() => judge(["user=a", "username=b"]))).toContain('field "username" is given twice');
  });
});

test("standard input is one value", () => {
  expect(refused(() => judge(["password=-", "otp=-"]))).toContain('"password" and "otp" both want');
});
