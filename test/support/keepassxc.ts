/** keepassxc-cli, pykeepass and File::KDBX at work in a folder: what they make is what people have. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { partPath } from "./parts.ts";

const run = promisify(execFile);

export interface Ran {
  readonly stdout: Buffer;
}

/** `answers` are the passwords that it asks for, in order. @throws where it does not end with 0 */
export async function keepassxc(
  folder: string,
  args: readonly string[],
  answers: readonly string[],
): Promise<Ran> {
  const env = { PATH: process.env["PATH"], HOME: folder, LC_ALL: "C.UTF-8", QT_QPA_PLATFORM: "offscreen" };
  const started = run(partPath("keepassxc-cli"), [...args], { cwd: folder, env, encoding: "buffer" });
  started.child.stdin?.end(answers.map((answer) => `${answer}\n`).join(""));
  return await started;
}

export async function pykeepass(folder: string, script: string): Promise<Ran> {
  const code = `from pykeepass import PyKeePass, create_database\nfrom datetime import datetime, timezone\n${script}`;
  return await run(partPath("pykeepass"), ["-c", code], { cwd: folder, encoding: "buffer" });
}

/** Of Perl's File::KDBX; what it prints is UTF-8. */
export async function fileKdbx(folder: string, script: string): Promise<Ran> {
  const code = `use strict; use warnings; use utf8; use JSON::PP; use Time::Piece; use File::KDBX; use File::KDBX::Constants qw(:all);\n${script}`;
  return await run(partPath("file-kdbx"), ["-e", code], { cwd: folder, encoding: "buffer" });
}
