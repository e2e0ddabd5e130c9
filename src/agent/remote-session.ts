/** A vault that the agent holds open, as commands see it: VaultSession over a connection. */
import { wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { Difference } from "../core/vault/compare.ts";
import type { AttachmentData } from "../core/vault/attachment.ts";
import type { Edit, EditResult } from "../core/vault/edit.ts";
import type {
  BundleRefresh,
  BundleState,
  NewBundle,
  RemovedBundle,
  SealedBundle,
} from "../core/vault/bundle-info.ts";
import type { Json } from "../core/vault/json.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import type {
  Access,
  Conflict,
  CopyReport,
  CopySource,
  ListFilter,
  LoggedOperation,
  MergeResult,
  NewSlot,
  Purpose,
  RekeyReport,
  Resolution,
  Rewrap,
  SlotInfo,
  UndoReport,
  VaultInfo,
  VaultSession,
} from "../core/vault/session.ts";
import type { VerifyReport } from "../core/vault/verify.ts";
import { type AgentClient, isLost } from "./client.ts";
import type { CallOptions } from "./protocol.ts";

export interface RemoteOptions {
  readonly client: AgentClient;
  /** Absolute. */
  readonly vault: string;
  readonly call: CallOptions;
  readonly warn: (text: string) => Promise<void>;
}

/** A secret or a list of edits goes out as it is; what comes back was made by the agent, and is trusted. */
export class RemoteSession implements VaultSession {
  readonly #options: RemoteOptions;

  /** Owns the connection of `options`. */
  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  async #read<T>(method: keyof VaultSession, ...args: readonly unknown[]): Promise<T> {
    const { client, vault, call, warn } = this.#options;
    const request = {
      kind: "call",
      vault,
      method: String(method),
      args: args as never,
      options: call,
    } as const;
    const { value, warnings } = await client.request<"call">(request);
    for (const warning of warnings) await warn(warning);
    return value as T;
  }

  /** Where the answer got lost, nobody can say without looking whether the change was saved. */
  async #write<T>(method: keyof VaultSession, ...args: readonly unknown[]): Promise<T> {
    try {
      return await this.#read<T>(method, ...args);
    } catch (error) {
      if (!isLost(error)) throw error;
      throw new PmError("io", "the connection to the agent was lost; it is not known whether it was saved", {
        hint: "look at: pm log",
        cause: error,
      });
    }
  }

  resolve(name: string): Promise<Resolution> {
    return this.#read("resolve", name);
  }

  nearest(name: string): Promise<readonly string[]> {
    return this.#read("nearest", name);
  }

  list(filter: ListFilter): Promise<readonly Row[]> {
    return this.#read("list", filter);
  }

  entry(id: string, purpose: Purpose = "show"): Promise<Entry> {
    return this.#read("entry", id, purpose);
  }

  async attachment(id: string, name: string, purpose: Purpose = "show"): Promise<AttachmentData> {
    const read = await this.#read<{ bytes: Json } & AttachmentData>("attachment", id, name, purpose);
    const { bytes } = await import("./shape.ts");
    return { ...read, bytes: bytes(read.bytes) };
  }

  confirm(password: Uint8Array): Promise<void> {
    return this.#read("confirm", password);
  }

  info(): Promise<VaultInfo> {
    return this.#read("info");
  }

  edit(edits: readonly Edit[]): Promise<EditResult> {
    return this.#write("edit", edits);
  }

  verify(): Promise<VerifyReport> {
    return this.#read("verify");
  }

  addSlot(slot: NewSlot): Promise<SlotInfo> {
    return this.#write("addSlot", slot);
  }

  removeSlot(id: string): Promise<void> {
    return this.#write("removeSlot", id);
  }

  changePassword(password: Uint8Array, profile: KdfProfile, keyFile?: Uint8Array): Promise<void> {
    return this.#write("changePassword", password, profile, keyFile);
  }

  rewrapPassword(rewrap: Rewrap): Promise<void> {
    return this.#write("rewrapPassword", rewrap);
  }

  /** It takes secrets and a say in when to save, so it is done where the vault is opened for it alone. */
  async rekey(): Promise<RekeyReport> {
    throw new PmError("locked", "the agent does not make new root keys", { hint: "add --no-agent" });
  }

  bundles(): Promise<readonly BundleState[]> {
    return this.#read("bundles");
  }

  addBundle(bundle: NewBundle): Promise<SealedBundle> {
    return this.#seal("addBundle", bundle);
  }

  refreshBundle(id: string, wanted: BundleRefresh): Promise<SealedBundle> {
    return this.#seal("refreshBundle", id, wanted);
  }

  removeBundle(id: string): Promise<RemovedBundle> {
    return this.#write("removeBundle", id);
  }

  async #seal(method: "addBundle" | "refreshBundle", ...args: readonly unknown[]): Promise<SealedBundle> {
    const sealed = await this.#write<Omit<SealedBundle, "file"> & { readonly file?: Json }>(method, ...args);
    const { bytes } = await import("./shape.ts");
    return { ...sealed, file: sealed.file === undefined ? undefined : bytes(sealed.file) };
  }

  log(): Promise<readonly LoggedOperation[]> {
    return this.#read("log");
  }

  accessLog(limit?: number): Promise<readonly Access[]> {
    return this.#read("accessLog", limit);
  }

  undo(count: number): Promise<UndoReport> {
    return this.#write("undo", count);
  }

  conflicts(): Promise<readonly Conflict[]> {
    return this.#read("conflicts");
  }

  compare(copy: CopySource): Promise<readonly Difference[]> {
    return this.#withCopy(copy, () => this.#read("compare", copy));
  }

  restore(copy: CopySource): Promise<CopyReport> {
    return this.#withCopy(copy, () => this.#write("restore", copy));
  }

  merge(copy: CopySource, options: { dryRun: boolean; strict: boolean }): Promise<MergeResult> {
    return this.#withCopy(copy, () => this.#write("merge", copy, options));
  }

  async #withCopy<T>({ credentials = {} }: CopySource, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      wipe(credentials.password, credentials.keyFile, credentials.recovery, credentials.token);
    }
  }

  [Symbol.dispose](): void {
    this.#options.client[Symbol.dispose]();
  }
}
