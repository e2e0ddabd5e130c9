"""What stands in the plaintext of a vault: JSON, index and records (docs/format.md, sections 6.2 to 6.6)."""

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Callable, Iterable, NoReturn, Optional

MIB = 1 << 20
MAX_INT = 2**53 - 1
TYPES = ["custom", "login", "note", "card", "identity", "ssh-key", "api-key", "wifi"]
TRASHED, ERASED, FAVOURITE, OTP, CONCURRENT = 1, 2, 4, 8, 16


class FormatError(Exception):
    """A broken rule; the only argument is its code."""


def need(rule: bool, code: str) -> None:
    if not rule:
        raise FormatError(code)


def be(data: bytes) -> int:
    return int.from_bytes(data, "big")


# Canonical JSON (section 6.2)


def refuse(_: str) -> NoReturn:
    raise ValueError


def small_int(text: str) -> int:
    return int(text) if len(text) <= 16 and 0 <= int(text) <= MAX_INT else refuse(text)


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys) or {"__proto__", "constructor", "prototype"} & set(keys):
        raise ValueError
    # JSON.stringify writes members named like array indices first, in ascending order.
    indices = [key for key in keys if re.fullmatch(r"0|[1-9][0-9]{0,9}", key) and int(key) < 2**32 - 1]
    if keys[: len(indices)] != sorted(indices, key=int):
        raise ValueError
    return dict(pairs)


def check_levels(value: Any, left: int = 16) -> None:
    """Arrays and objects count as levels, what stands in them does not."""
    if isinstance(value, (list, dict)):
        if left == 0:
            raise ValueError
        for item in value.values() if isinstance(value, dict) else value:
            check_levels(item, left - 1)


def stringify(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", lambda lone: f"\\u{ord(lone[0]):04x}", text)


def parse_json(raw: bytes, members: list[str], code: str) -> dict[str, Any]:
    """An object that begins with exactly these members, from its one canonical text."""
    try:
        text = raw.decode("utf-8")
        value: dict[str, Any] = json.loads(
            text, object_pairs_hook=unique_members, parse_int=small_int, parse_float=refuse, parse_constant=refuse
        )
        check_levels(value)
    except (ValueError, RecursionError):
        raise FormatError(code) from None
    need(isinstance(value, dict) and list(value)[: len(members)] == members, code)
    need(stringify(value) == text, code)
    return value


def is_int(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def is_hex(value: Any, digits: int) -> bool:
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None


def is_list(value: Any, rule: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(rule(item) for item in value)


def is_str(value: Any) -> bool:
    return isinstance(value, str)


def is_extent(value: Any) -> bool:
    return is_list(value, is_int) and len(value) == 2


def base64_bytes(text: Any) -> Optional[bytes]:
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


# Index (section 6.3)


def is_history_of_saves(value: Any) -> bool:
    """`[seq, tags]` with the tags of the newest min(seq, 4,096) saves."""
    if not isinstance(value, list) or len(value) != 2 or not is_int(value[0], 1) or not is_str(value[1]):
        return False
    seq, tags = value
    return len(tags) == 4 * min(seq, 4096) and re.fullmatch("[A-Za-z0-9_-]*", tags) is not None


def is_vector(value: Any) -> bool:
    """The longest history first, those of one length by their tags, no two alike."""
    if not isinstance(value, dict) or len(value) > 1024:
        return False
    for replica, histories in value.items():
        if not is_hex(replica, 16) or not is_list(histories, is_history_of_saves) or not 1 <= len(histories) <= 16:
            return False
        ranks = [(-seq, tags) for seq, tags in histories]
        if any(first >= second for first, second in zip(ranks, ranks[1:])):
            return False
    return True


def is_row(row: Any) -> bool:
    if not isinstance(row, list) or len(row) < 9:
        return False
    texts = is_list(row[3:5], is_str) and is_list(row[5], is_str) and is_list(row[6], is_str)
    return is_hex(row[0], 32) and is_extent(row[1:3]) and texts and is_list(row[7:9], is_int)


def parse_index(raw: bytes) -> dict[str, Any]:
    code = "index-invalid"
    need(len(raw) <= 64 * MIB, code)
    index = parse_json(raw, ["v", "gen", "hlc", "vv", "root", "e"], code)
    need(index["v"] == 1 and is_int(index["v"]) and is_int(index["gen"], 1) and is_int(index["hlc"]), code)
    rows = index["e"]
    need(is_vector(index["vv"]), code)
    need(is_extent(index["root"]) and is_list(rows, is_row) and len(rows) <= 200000, code)
    need(len({row[0] for row in rows}) == len(rows), code)
    return index


def check_cover(extents: Iterable[list[int]], length: int) -> None:
    end = 0
    for offset, size in sorted(extents):
        need(offset == end and 1 <= size <= MIB, "index-invalid")
        end += size
    need(end == length, "index-invalid")


# Registers and records (sections 6.4 and 6.5)


@dataclass
class Sibling:
    value: Any
    replica: str
    seq: int
    hlc: int

    def rank(self) -> tuple[int, str, bytes, int]:
        return self.hlc, self.replica, stringify(self.value).encode("utf-16-be"), self.seq


def sibling(raw: Any) -> Sibling:
    need(isinstance(raw, list) and len(raw) == 4, "record-invalid")
    need(is_hex(raw[1], 16) and is_int(raw[2], 1) and is_int(raw[3]), "record-invalid")
    return Sibling(*raw)


def divided(key: str, siblings: list[Sibling]) -> bool:
    """Whether people have to choose between values: life and death are settled by rule."""
    return key not in ("live", "m:purged") and len({stringify(s.value) for s in siblings}) > 1


class Registers:
    def __init__(self) -> None:
        self.all: dict[str, list[Sibling]] = {}

    def shown(self, key: str, default: Any = None) -> Any:
        siblings = self.all.get(key, [])
        if key in ("live", "m:use-only"):
            return any(s.value for s in siblings)
        return max(siblings, key=Sibling.rank).value if siblings else default

    def named(self, prefix: str) -> dict[str, Any]:
        """Shown values of the keys that begin with the prefix, by the rest of the key."""
        return {key[len(prefix) :]: self.shown(key) for key in self.all if key.startswith(prefix)}


def parse_registers(raw: Any, valid: Callable[[str, Any], bool]) -> Registers:
    registers = Registers()
    need(isinstance(raw, list), "record-invalid")
    for item in raw:
        need(isinstance(item, list) and len(item) == 2 and is_str(item[0]), "record-invalid")
        key, siblings = item
        need(isinstance(siblings, list) and len(siblings) > 0 and key not in registers.all, "record-invalid")
        registers.all[key] = [sibling(s) for s in siblings]
        need(all(valid(key, s.value) for s in registers.all[key]), "record-invalid")
    return registers


def is_path(value: Any) -> bool:
    """An empty path is that of a tombstone, or of one that was edited elsewhere."""
    return is_str(value) and (
        value == ""
        or unicodedata.normalize("NFC", value) == value
        and all(value.split("/"))
        and not any(unicodedata.category(c) == "Cc" for c in value)
    )


def is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_field(value: Any) -> bool:
    if value is None:
        return True
    if not is_list(value, is_str) or len(value) != 2 or value[0] not in ("p", "c", "P", "C"):
        return False
    if value[0] in "pc":
        return True
    raw = base64_bytes(value[1])
    if raw is None:
        return False
    try:
        raw.decode("utf-8")  # text has its own kinds
    except UnicodeDecodeError:
        return True
    return False


def is_mention(value: Any) -> bool:
    """`[size, SHA-256]`: the data of an attachment."""
    return isinstance(value, list) and len(value) == 2 and is_int(value[0]) and is_hex(value[1], 64)


def is_entry_value(key: str, value: Any) -> bool:
    """A key the document does not name may hold anything."""
    if key.startswith("f:"):
        return is_field(value)
    if key.startswith("a:"):
        return value is None or is_mention(value)
    if key.startswith("t:") or key in ("live", "m:favourite", "m:use-only", "m:purged"):
        return isinstance(value, bool)
    if key == "path":
        return is_path(value)
    if key == "type":
        return is_str(value)
    if key == "m:recipe":
        return value is None or is_str(value)
    if key == "m:expires":
        return value is None or is_str(value) and is_date(value)
    return True


SHARE = {
    "label": is_str,
    "created": is_int,
    "refreshed": is_int,
    "notAfter": lambda value: value is None or is_int(value),
    "only": lambda value: is_list(value, is_str),
    "fields": lambda value: value is None or is_list(value, is_str),
    "path": is_str,
    "digest": lambda value: is_hex(value, 64),
    "hash": lambda value: is_hex(value, 64),
    "held": lambda value: len(base64_bytes(value) or b"") % 16 == 0 and base64_bytes(value) is not None,
    "key": lambda value: len(base64_bytes(value) or b"") == 32,
    "slot": lambda value: len(base64_bytes(value) or b"") == 192,
}


def is_root_value(key: str, value: Any) -> bool:
    return is_share_value(key, value) if key.startswith("share:") else is_slot_value(key, value)


def is_share_value(key: str, value: Any) -> bool:
    """What the vault remembers of a share; null once it forgot it."""
    if value is None:
        return is_hex(key[6:], 32)
    if not isinstance(value, dict) or list(value)[: len(SHARE)] != list(SHARE):
        return False
    return is_hex(key[6:], 32) and all(rule(value[name]) for name, rule in SHARE.items())


def is_slot_value(key: str, value: Any) -> bool:
    if not key.startswith("slot:") or value is None:
        return True
    if not isinstance(value, dict) or list(value)[:4] != ["label", "created", "epoch", "bytes"]:
        return False
    raw = base64_bytes(value["bytes"])
    known = is_str(value["label"]) and is_int(value["created"]) and is_int(value["epoch"], 1)
    return known and raw is not None and len(raw) == 192 and key == "slot:" + raw[16:32].hex()


def is_renewal(value: Any) -> bool:
    """`[epoch, key id, mac]`."""
    shape = isinstance(value, list) and len(value) == 3 and is_int(value[0], 1)
    return shape and is_hex(value[1], 32) and is_hex(value[2], 64)


def is_share(value: Any) -> bool:
    """What a share says of itself."""
    if not isinstance(value, dict) or list(value)[:3] != ["label", "created", "notAfter"]:
        return False
    end = value["notAfter"]
    return is_str(value["label"]) and is_int(value["created"]) and (end is None or is_int(end))


def parse_root(raw: bytes, index: dict[str, Any]) -> tuple[dict[str, Any], Registers]:
    code = "record-invalid"
    root = parse_json(raw, ["v", "rev", "parents", "keyEpoch", "r", "log", "attachments"], code)
    need(is_int(root["v"]) and root["v"] == 1 and is_int(root["rev"], 1) and is_int(root["keyEpoch"], 1), code)
    need(is_list(root["parents"], lambda p: is_hex(p, 64)) and len(root["parents"]) <= 2, code)
    if "keyHistory" in root:
        need(list(root)[7] == "keyHistory" and root["keyHistory"] != [], code)
        need(is_list(root["keyHistory"], is_renewal), code)
    if "share" in root:
        need(list(root)[8 if "keyHistory" in root else 7] == "share" and is_share(root["share"]), code)
    if "contents" in root:
        need(list(root)[7 + ("keyHistory" in root) + ("share" in root)] == "contents", code)
        need(root["contents"] != [] and is_list(root["contents"], is_mention), code)
        need(len({digest for _, digest in root["contents"]}) == len(root["contents"]), code)
    need(is_list(root["log"], is_extent) and is_list(root["attachments"], is_extent), code)
    registers = parse_registers(root["r"], is_root_value)
    need(root["rev"] == index["gen"], "index-invalid")
    return root, registers


def join_data(root: dict[str, Any], record: Callable[[list[int]], bytes]) -> dict[str, bytes]:
    """The data of attachments by its SHA-256: of each content as few of the records as can hold it."""
    data, rest = {}, list(root["attachments"])
    for size, digest in root.get("contents", []):
        need(size <= 512 * MIB, "record-invalid")
        taken, rest = rest[: -(-size // MIB)], rest[-(-size // MIB) :]
        lengths = [min(MIB, size - at) for at in range(0, size, MIB)]
        need([length for _, length in taken] == lengths, "record-invalid")
        data[digest] = b"".join(map(record, taken))
        need(hashlib.sha256(data[digest]).hexdigest() == digest, "record-invalid")
    return data


def check_data(registers: Registers, data: dict[str, bytes]) -> None:
    """What is attached is there, whichever of several values a person may choose."""
    for key, siblings in registers.all.items():
        for size, digest in [s.value for s in siblings if key.startswith("a:") and s.value is not None]:
            need(digest in data and len(data[digest]) == size, "record-invalid")


def show_field(value: list[str]) -> dict[str, Any]:
    return {"text" if value[0] in "pc" else "base64": value[1], "concealed": value[0] in "cC"}


def parse_history(raw: Any) -> list[dict[str, Any]]:
    need(isinstance(raw, list), "record-invalid")
    history = []
    for item in raw:
        need(isinstance(item, list) and len(item) == 5 and is_str(item[0]), "record-invalid")
        need(item[0].startswith("f:") and is_entry_value(item[0], item[1]), "record-invalid")
        old = sibling(item[1:])
        shown = {"text": None, "concealed": False} if old.value is None else show_field(old.value)
        history.append({"field": item[0][2:], **shown, "hlc": old.hlc})
    return history


def parse_entry(raw: bytes, row: list[Any], data: dict[str, bytes]) -> dict[str, Any]:
    """The entry as people see it, once it agrees with its row of the index."""
    code = "record-invalid"
    record = parse_json(raw, ["id", "created", "r", "h"], code)
    need(record["id"] == row[0] and is_int(record["created"]), code)
    registers = parse_registers(record["r"], is_entry_value)
    history = parse_history(record["h"])
    need("live" in registers.all and "path" in registers.all, code)
    check_data(registers, data)
    fields = {name: show_field(value) for name, value in registers.named("f:").items() if value is not None}
    tags = [name for name, value in registers.named("t:").items() if value]
    live, erased = registers.shown("live"), is_erased(registers)
    need(not erased or not history, code)
    path = path_of(registers, record["id"], erased)
    check_row(row, record, registers, {"path": path, "tags": tags, "erased": erased})
    return {
        "id": record["id"],
        "path": path,
        "type": type_of(registers),
        "trashed": not live,
        "erased": erased,
        "fields": fields,
        "attachments": {name: value for name, value in registers.named("a:").items() if value is not None},
        "tags": tags,
        "expires": registers.shown("m:expires"),
        "favourite": registers.shown("m:favourite", False),
        "useOnly": registers.shown("m:use-only"),
        "recipe": registers.shown("m:recipe"),
        "concurrent": [key for key, siblings in registers.all.items() if divided(key, siblings)],
        "history": history,
    }


def is_erased(registers: Registers) -> bool:
    """A tombstone: not where a device wrote a value that the one that erased the others did not know."""
    if registers.shown("live") or not registers.shown("m:purged", False):
        return False
    return all(s.value is None for key, siblings in registers.all.items() if key[:2] in ("f:", "a:") for s in siblings)


def path_of(registers: Registers, entry_id: str, erased: bool) -> str:
    path: str = registers.shown("path")
    return "recovered/" + entry_id[:8] if path == "" and not erased else path


def type_of(registers: Registers) -> str:
    word: str = registers.shown("type", "custom")
    return word if word in TYPES else "custom"


def check_row(row: list[Any], record: dict[str, Any], registers: Registers, seen: dict[str, Any]) -> None:
    """What a row says follows from its record; hosts are only counted (no WHATWG URL parser here)."""
    user, otp = registers.shown("f:username"), registers.shown("f:otp")
    later_type = row[7] >> 8 if registers.shown("type", "custom") not in TYPES else 0
    flags = (TYPES.index(type_of(registers)) or (later_type if 8 <= later_type <= 15 else 0)) << 8
    if not registers.shown("live"):
        flags |= ERASED if seen["erased"] else TRASHED
    flags |= FAVOURITE if registers.shown("m:favourite") else 0
    flags |= OTP if otp is not None else 0
    flags |= CONCURRENT if any(divided(key, siblings) for key, siblings in registers.all.items()) else 0
    need(row[3] == seen["path"] and row[7] == flags, "index-invalid")
    need(row[4] == (user[1] if user is not None and user[0] == "p" else ""), "index-invalid")
    urls = [name for name, value in registers.named("f:url").items() if value is not None and value[0] == "p"]
    need(len(row[5]) <= len(urls), "index-invalid")
    need(row[6] == sorted(seen["tags"], key=lambda tag: tag.encode("utf-16-be", "surrogatepass")), "index-invalid")
    written = [s.hlc for siblings in registers.all.values() for s in siblings]
    need(row[8] == max(record["created"], *written), "index-invalid")


# Operation log (section 6.6)


def is_old_value(key: str) -> Callable[[Any], bool]:
    return lambda value: is_entry_value(key, value)


def check_image(raw: Any, kind: str) -> None:
    """What a save touched in one entry; only a change says what was there before."""
    code = "record-invalid"
    need(isinstance(raw, list) and len(raw) == 4, code)
    entry_id, path, registers, history = raw
    need(is_hex(entry_id, 32) and is_str(path) and isinstance(registers, list), code)
    for register in registers:
        need(isinstance(register, list) and len(register) in (1, 2) and is_str(register[0]), code)
        if kind == "change":
            need(len(register) == 2 and is_list(register[1], is_old_value(register[0])), code)
        else:
            need(register[1:] in ([], [[]]), code)
    if isinstance(history, list) and kind == "change":
        parse_history(history)
    else:
        need(is_int(history) and (history == 0 or kind == "change"), code)


def parse_operation(raw: bytes) -> dict[str, Any]:
    code = "record-invalid"
    record = parse_json(raw, ["v", "op", "by", "kind", "count", "part", "e"], code)
    stamp, part = record["op"], record["part"]
    need(is_int(record["v"]) and record["v"] == 1 and isinstance(stamp, list) and len(stamp) == 3, code)
    need(is_hex(stamp[0], 16) and is_int(stamp[1], 1) and is_int(stamp[2]), code)
    need(is_str(record["by"]) and record["kind"] in ("change", "barrier", "merged", "bare"), code)
    need(is_int(record["count"]) and is_list(part, lambda n: is_int(n, 1)) and len(part) == 2, code)
    need(part[0] <= part[1] and isinstance(record["e"], list), code)
    for image in record["e"]:
        check_image(image, record["kind"])
    return record


def head_of(record: dict[str, Any]) -> list[Any]:
    return [record[member] for member in ("op", "by", "kind", "count")]


def parse_log(records: Iterable[bytes]) -> list[dict[str, Any]]:
    """The operations, oldest first; parts follow each other, and only the oldest may be missing."""
    code = "record-invalid"
    operations: list[dict[str, Any]] = []
    before: Optional[dict[str, Any]] = None
    for record in map(parse_operation, records):
        (k, n), same = record["part"], before is not None and head_of(before) == head_of(record)
        if before is not None and before["part"][0] < before["part"][1]:
            need(same and [k - 1, n] == before["part"], code)
        else:
            need(k == 1 or not same, code)
            kind = "bare" if k > 1 and record["kind"] == "change" else record["kind"]
            shown = {"op": record["op"], "by": record["by"], "kind": kind, "count": record["count"]}
            operations.append({**shown, "entries": []})
        operations[-1]["entries"] += [image[0] for image in record["e"]]
        before = record
    need(before is None or before["part"][0] == before["part"][1], code)
    return operations
