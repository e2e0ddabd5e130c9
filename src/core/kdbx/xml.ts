/** XML from people one does not know: no document type, no entities but the five, bounded in every direction. */
import { SaxesParser } from "saxes";
import { PmError } from "../errors.ts";

const MAX_DEPTH = 256;
/** Some 40 make an entry, as many again each of its earlier versions. */
const MAX_ELEMENTS = 6_000_000;

export interface XmlEvents {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  /** A part of the text of the innermost open element. */
  readonly text: (text: string) => void;
  readonly close: (name: string) => void;
}

export interface XmlParser {
  /** The next bytes of a document in UTF-8. @throws PmError "corrupt", "limit". */
  write(bytes: Uint8Array): void;
  /** @throws PmError "corrupt" where the document is not complete. */
  end(): void;
}

/** `events` may throw PmErrors, which come out of `write`. */
export function xmlParser(events: XmlEvents): XmlParser {
  const parser = new SaxesParser();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  listen(parser, events);
  /** What the parser says of an error may quote a value: only the line is passed on. */
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      if (error instanceof PmError) throw error;
      throw new PmError("corrupt", `the XML is damaged in line ${parser.line}`);
    }
  };
  return {
    write: (bytes) => guarded(() => parser.write(decoder.decode(bytes, { stream: true }))),
    end: () => guarded(() => parser.write(decoder.decode()).close()),
  };
}

function listen(parser: SaxesParser, events: XmlEvents): void {
  let depth = 0;
  let elements = 0;
  parser.on("opentag", ({ name, attributes }) => {
    depth += 1;
    elements += 1;
    if (depth > MAX_DEPTH) throw tooMuch(`elements more than ${MAX_DEPTH} deep`);
    if (elements > MAX_ELEMENTS) throw tooMuch(`more than ${MAX_ELEMENTS} elements`);
    events.open(name, attributes);
  });
  parser.on("text", events.text);
  parser.on("cdata", events.text);
  parser.on("closetag", ({ name }) => {
    depth -= 1;
    events.close(name);
  });
  parser.on("doctype", () => {
    throw new PmError("corrupt", "the XML has a document type, which no export has");
  });
}

function tooMuch(what: string): PmError {
  return new PmError("limit", `the XML has ${what}`);
}
