/**
 * The table of formats that `pm import` reads: one row and one file each. A row recognises its format by the
 * content, and loads the reader (and with it the packages that it needs) only then.
 */
import type { ImportFormat } from "../../core/import/reader.ts";

/** The first that recognises a file or folder has it: what is narrower stands first. */
export const FORMATS: readonly ImportFormat[] = [];
