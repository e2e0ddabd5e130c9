/** Formats of one vendor each that are no text: archives, and folders that gpg opens. */
import { isProtonData, isProtonPgp, isProtonZip } from "../../core/import/proton-signs.ts";
import type { ImportFormat } from "../../core/import/reader.ts";
import { isGopassStore, isPassStore } from "./pass-store.ts";

export const VENDOR_FORMATS: readonly ImportFormat[] = [
  {
    kind: "file",
    name: "1pux",
    title: "1Password (1PUX)",
    recognises: (file) =>
      ["export.attributes", "export.data"].every((name) => file.zipNames().includes(name)),
    load: async () => (await import("../../core/import/onepux.ts")).readOnePux,
  },
  {
    kind: "file",
    name: "proton-json",
    title: "Proton Pass (JSON)",
    recognises: (file) => isProtonData(file.json()),
    load: async () => (await import("../../core/import/proton.ts")).readProtonJson,
  },
  {
    kind: "file",
    name: "proton-zip",
    title: "Proton Pass (ZIP)",
    recognises: (file) => isProtonZip(file.zipNames()),
    load: async () => (await import("../../core/import/proton.ts")).readProtonZip,
  },
  {
    kind: "file",
    name: "proton-pgp",
    title: "Proton Pass (with a password)",
    recognises: isProtonPgp,
    protection: () => "password",
    load: async () => (await import("./read-proton-pgp.ts")).readEncryptedProton,
  },
  {
    kind: "folder",
    name: "pass",
    title: "pass",
    // Whoever names gopass has its formats read, also where a store does not show that it is one.
    recognises: async ({ path }) => (await isPassStore(path)) && !(await isGopassStore(path)),
    load: async () => (await import("./read-pass.ts")).readPassStore,
  },
  {
    kind: "folder",
    name: "gopass",
    title: "gopass",
    recognises: async ({ path }) => (await isPassStore(path)) || (await isGopassStore(path)),
    load: async () => (await import("./read-pass.ts")).readGopassStore,
  },
];
