import { utf8, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { codeToJson, nextCode, readOtp, requireTimed, secondsUntil } from "../otp-entry.ts";

export const otp: Command = defineCommand({
  args: [
    ENTRY_ARG,
    { name: "field", summary: "Field with the secret of the codes; otp without it", completes: "field" },
  ],
  options: {
    clip: {
      kind: "optional",
      short: "c",
      hint: "SECONDS",
      summary: "Copy to the clipboard, cleared after 45 s",
    },
    fresh: { kind: "flag", summary: "Wait for the next code where less than 5 s are left" },
    watch: { kind: "flag", summary: "One code after the other, until Ctrl-C" },
    uri: { kind: "flag", summary: "Print the secret as an otpauth URI" },
    qr: { kind: "flag", summary: "Show the secret as a QR code on the terminal" },
    set: { kind: "flag", summary: "Store an otpauth URI or a base32 secret from stdin or a prompt" },
    "qr-image": {
      kind: "value",
      hint: "FILE",
      completes: "file",
      summary: "With --set: read it from a QR code in a PNG or JPEG image",
    },
    account: {
      kind: "value",
      hint: "N|NAME",
      summary: "With --set: one account of a Google Authenticator export",
    },
  },
  details: [
    "Prints the current one-time code of an entry and a newline, and on a terminal how long it is valid.",
    "The secret is an otpauth URI or a base32 secret in the field otp: TOTP with SHA-1, SHA-256 or SHA-512, 6 to 8 digits and any period, HOTP, or Steam's codes. The counter of HOTP is saved before the code is printed.",
    "Of a use-only entry the codes are given out; --uri and --qr show the secret, and take the master password again.",
    "--watch prints a code at each new period; on a terminal it keeps one line up to date.",
    "--set checks what it is given before it saves it; an earlier secret stays in the history of the entry.",
  ],
  examples: [
    { command: "pm otp web/github", note: "The current code" },
    { command: "pm otp web/bank --set < uri.txt", note: "A secret from a file" },
    { command: "pm otp web/github --uri", note: "The secret, to be moved elsewhere" },
  ],
  exits: ["not-found", "ambiguous", "conflict", "unavailable", "read-only"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const action = actionOf({ ...options, json: ctx.globals.json });
    if (action === "--set") {
      const { setOtp } = await import("../otp-set.ts");
      return await setOtp(ctx, args, { image: options["qr-image"], account: options.account });
    }
    if (action === "--qr") return await (await import("../otp-uri.ts")).showQr(ctx, args);
    const seconds =
      options.clip === undefined
        ? undefined
        : (await import("../clip-time.ts")).clipSeconds(ctx, options.clip);
    if (action === "--uri") return await (await import("../otp-uri.ts")).showUri(ctx, args, seconds);
    const source = await readOtp(ctx, args);
    if (action !== undefined) {
      const key = requireTimed(source, action);
      const { waitForFresh, watchCodes } = await import("../otp-time.ts");
      if (action === "--watch") return await watchCodes(ctx, source);
      await waitForFresh(ctx, key);
    }
    const code = await nextCode(ctx, source);
    if (ctx.globals.json) return await ctx.out.json(codeToJson(code, ctx.io.now()));
    const bytes = utf8(code.text);
    await (seconds === undefined ? ctx.out.value(bytes, true) : ctx.clip(bytes, seconds));
    wipe(bytes);
    if (code.ends !== undefined) await ctx.out.note(`${secondsUntil(code.ends, ctx.io.now())} s left`);
  },
});

interface Given {
  readonly clip: string | undefined;
  readonly fresh: boolean;
  readonly watch: boolean;
  readonly uri: boolean;
  readonly qr: boolean;
  readonly set: boolean;
  readonly "qr-image": string | undefined;
  readonly account: string | undefined;
  readonly json: boolean;
}

type Action = "--set" | "--uri" | "--qr" | "--watch" | "--fresh";

/** What is asked for beside the code alone. @throws PmError "usage" for what does not go together */
function actionOf(given: Given): Action | undefined {
  const isSet = given.set || given["qr-image"] !== undefined;
  const [action, other]: readonly Action[] = [
    ...(isSet ? (["--set"] as const) : []),
    ...(given.uri ? (["--uri"] as const) : []),
    ...(given.qr ? (["--qr"] as const) : []),
    ...(given.watch ? (["--watch"] as const) : []),
    ...(given.fresh ? (["--fresh"] as const) : []),
  ];
  if (action !== undefined && other !== undefined) throw excluding(action, other);
  if (given.account !== undefined && !isSet) throw new PmError("usage", "--account goes with --set only");
  if (given.json && action === "--qr") throw excluding("--qr", "--json");
  if (given.clip === undefined) return action;
  if (given.json) throw excluding("--clip", "--json");
  if (action !== undefined && action !== "--uri" && action !== "--fresh") throw excluding(action, "--clip");
  return action;
}

function excluding(one: string, other: string): PmError {
  return new PmError("usage", `${one} and ${other} exclude each other`);
}
