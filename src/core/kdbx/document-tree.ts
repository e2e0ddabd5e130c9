/** The document of a KeePass database as elements, in file order, values unmasked on the way. */
import { fromBase64, fromUtf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { damaged } from "./byte-reader.ts";
import type { KdbxEntry, KdbxGroup } from "./database.ts";
import type { KeyStream } from "./key-stream.ts";
import type { XmlEvents } from "./xml.ts";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  children: Element[];
  /** Of masked data: what was behind the mask. */
  bytes?: Uint8Array;
  /** What was made of an entry or a group; then its children are gone. */
  entry?: KdbxEntry;
  group?: KdbxGroup;
}

/** All that pm looks at; others are not kept: a hostile file must not fill the memory with them. */
const KNOWN: ReadonlySet<string> = new Set(
  `KeePassFile Meta Root Group Entry History Times String Binary Binaries Key Value CustomData Item UUID Name Notes
  Tags CreationTime LastModificationTime ExpiryTime Expires IconID CustomIconUUID ForegroundColor BackgroundColor
  OverrideURL QualityCheck PreviousParentGroup AutoType Enabled DefaultSequence DefaultAutoTypeSequence Association
  Window KeystrokeSequence DatabaseDescription HeaderHash RecycleBinUUID`.split(/\s+/),
);

/** More than a vault has entries. */
const MAX_CHILDREN = 262_144;

export interface TreeBuilder extends XmlEvents {
  /** The outermost element, once it is closed. */
  root(): Element | undefined;
}

/**
 * @param unmask undefined where the document brings no key: then a masked value is damage
 * @param close told of each element after its children, and free to replace them by what they are
 */
export function treeBuilder(unmask: KeyStream | undefined, close: (element: Element) => void): TreeBuilder {
  const open: Element[] = [];
  let root: Element | undefined;
  return {
    open: (name, attributes) => void open.push({ name, attributes, text: "", children: [] }),
    text(text) {
      const element = open.at(-1);
      if (element !== undefined) element.text += text;
    },
    close() {
      const element = open.pop() as Element;
      const parent = open.at(-1);
      if (isTrue(element.attributes["Protected"])) {
        const bytes = unmaskElement(element, unmask);
        // Data, in the pool or in place, stays bytes; everything else is text.
        if (element.name === "Binary" || parent?.name === "Binary") element.bytes = bytes;
        else element.text = toText(bytes);
      }
      close(element);
      if (parent === undefined) root = element;
      else if (KNOWN.has(element.name)) addChild(parent, element);
    },
    root: () => root,
  };
}

function addChild({ children }: Element, child: Element): void {
  if (children.length === MAX_CHILDREN) {
    throw new PmError("limit", `the XML has an element with more than ${MAX_CHILDREN} parts`);
  }
  children.push(child);
}

function unmaskElement({ text }: Element, unmask: KeyStream | undefined): Uint8Array {
  if (unmask === undefined) throw damaged("a value is masked, and the file does not say with what");
  const masked = decodeBase64(text);
  if (masked === undefined) throw damaged("a masked value");
  return unmask(masked);
}

function toText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw damaged("a masked value is no text");
  return text;
}

/** KeePass may break lines in it. */
export function decodeBase64(text: string): Uint8Array | undefined {
  return fromBase64(text.replaceAll(/\s+/g, ""));
}

export function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === "true";
}

export function childrenNamed({ children }: Element, name: string): Element[] {
  return children.filter((child) => child.name === name);
}

export function childNamed({ children }: Element, name: string): Element | undefined {
  return children.find((child) => child.name === name);
}

/** The text of a child, "" where there is none. */
export function textOf(element: Element | undefined, name: string): string {
  return (element && childNamed(element, name)?.text) ?? "";
}
