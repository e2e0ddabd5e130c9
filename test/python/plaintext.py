"""What stands in the plaintext of a vault: JSON, index and records (docs/format.md, sections 6.2 to 6.5)."""

import base64
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
    return is_list(value, is_int) and len(value) == 2 and value[1] <= MIB


def size_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def base64_bytes(text: Any) -> Optional[bytes]:
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


# Index (section 6.3)


def is_save(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and is_int(value[0], 1) and is_hex(value[1], 16)


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
    vector, rows = index["vv"], index["e"]
    need(isinstance(vector, dict) and len(vector) <= 1024, code)
    for replica, saves in vector.items():
        need(is_hex(replica, 16) and is_list(saves, is_save) and 1 <= len(saves) <= 256, code)
        need(all(newer[0] > older[0] for newer, older in zip(saves, saves[1:])), code)
    need(is_extent(index["root"]) and is_list(rows, is_row) and len(rows) <= 200000, code)
    need(len({row[0] for row in rows}) == len(rows), code)
    return index


def check_cover(extents: Iterable[list[int]], length: int) -> None:
    end = 0
    for offset, size in sorted(extents):
        need(offset == end, "index-invalid")
        end += size
    need(end == length, "index-invalid")


# Registers and records (sections 6.4 and 6.5)


@dataclass
class Sibling:
    value: Any
    replica: str
    seq: int
    hlc: int

    def rank(self) -> tuple[int, str, bytes]:
        return self.hlc, self.replica, stringify(self.value).encode("utf-16-be")


def sibling(raw: Any) -> Sibling:
    need(isinstance(raw, list) and len(raw) == 4, "record-invalid")
    need(is_hex(raw[1], 16) and is_int(raw[2], 1) and is_int(raw[3]), "record-invalid")
    return Sibling(*raw)


class Registers:
    def __init__(self) -> None:
        self.all: dict[str, list[Sibling]] = {}

    def shown(self, key: str, default: Any = None) -> Any:
        siblings = self.all.get(key, [])
        if key == "live":
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
    """An empty path is that of a tombstone, which the caller looks at."""
    return is_str(value) and (
        value == ""
        or size_of(value) <= 1024
        and unicodedata.normalize("NFC", value) == value
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
        return size_of(value[1]) <= 262144
    raw = base64_bytes(value[1])
    if raw is None or len(raw) > 262144:
        return False
    try:
        raw.decode("utf-8")  # text has its own kinds
    except UnicodeDecodeError:
        return True
    return False


def is_entry_value(key: str, value: Any) -> bool:
    """A key the document does not name may hold anything."""
    if key[:2] in ("f:", "t:") and size_of(key[2:]) > 128:
        return False
    if key.startswith("f:"):
        return is_field(value)
    if key.startswith("t:") or key in ("live", "m:favourite", "m:purged"):
        return isinstance(value, bool)
    if key == "path":
        return is_path(value)
    if key == "type":
        return is_str(value)
    if key == "m:expires":
        return value is None or is_str(value) and is_date(value)
    return True


def is_slot_value(key: str, value: Any) -> bool:
    if not key.startswith("slot:") or value is None:
        return True
    if not isinstance(value, dict) or list(value)[:4] != ["label", "created", "epoch", "bytes"]:
        return False
    raw = base64_bytes(value["bytes"])
    known = is_str(value["label"]) and is_int(value["created"]) and is_int(value["epoch"], 1)
    return known and raw is not None and len(raw) == 192 and key == "slot:" + raw[16:32].hex()


def parse_root(raw: bytes, index: dict[str, Any]) -> tuple[dict[str, Any], Registers]:
    code = "record-invalid"
    root = parse_json(raw, ["v", "rev", "parents", "keyEpoch", "r", "log", "attachments"], code)
    need(is_int(root["v"]) and root["v"] == 1 and is_int(root["rev"], 1) and is_int(root["keyEpoch"], 1), code)
    need(is_list(root["parents"], lambda p: is_hex(p, 64)) and len(root["parents"]) <= 2, code)
    need(is_list(root["log"], is_extent) and is_list(root["attachments"], is_extent), code)
    registers = parse_registers(root["r"], is_slot_value)
    need(root["rev"] == index["gen"], "index-invalid")
    return root, registers


def show_field(value: list[str]) -> dict[str, Any]:
    return {"text" if value[0] in "pc" else "base64": value[1], "concealed": value[0] in "cC"}


def parse_history(raw: Any) -> list[dict[str, Any]]:
    need(isinstance(raw, list) and len(raw) <= 20, "record-invalid")
    history = []
    for item in raw:
        need(isinstance(item, list) and len(item) == 5 and is_str(item[0]), "record-invalid")
        need(item[0].startswith("f:") and is_entry_value(item[0], item[1]), "record-invalid")
        old = sibling(item[1:])
        shown = {"text": None, "concealed": False} if old.value is None else show_field(old.value)
        history.append({"field": item[0][2:], **shown, "hlc": old.hlc})
    return history


def parse_entry(raw: bytes, row: list[Any]) -> dict[str, Any]:
    """The entry as people see it, once it agrees with its row of the index."""
    code = "record-invalid"
    record = parse_json(raw, ["id", "created", "r", "h"], code)
    need(record["id"] == row[0] and is_int(record["created"]), code)
    registers = parse_registers(record["r"], is_entry_value)
    history = parse_history(record["h"])
    need("live" in registers.all and "path" in registers.all, code)
    fields = {name: show_field(value) for name, value in registers.named("f:").items() if value is not None}
    tags = [name for name, value in registers.named("t:").items() if value]
    need(len(fields) <= 64 and len(tags) <= 64, code)
    erased = registers.shown("m:purged", False) and not registers.shown("live")
    need((registers.shown("path") == "") == erased, code)
    if erased:
        kept = [s for key, siblings in registers.all.items() if key.startswith("f:") for s in siblings]
        need(all(s.value is None for s in kept) and not history, code)
    check_row(row, record, registers, tags)
    return {
        "id": record["id"],
        "path": registers.shown("path"),
        "type": type_of(registers),
        "trashed": not registers.shown("live"),
        "erased": erased,
        "fields": fields,
        "tags": tags,
        "expires": registers.shown("m:expires"),
        "favourite": registers.shown("m:favourite", False),
        "recipe": registers.shown("m:recipe"),
        "concurrent": [key for key, siblings in registers.all.items() if len(siblings) > 1],
        "history": history,
    }


def type_of(registers: Registers) -> str:
    word: str = registers.shown("type", "custom")
    return word if word in TYPES else "custom"


def check_row(row: list[Any], record: dict[str, Any], registers: Registers, tags: list[str]) -> None:
    """What a row says follows from its record; hosts are only counted (no WHATWG URL parser here)."""
    user, otp = registers.shown("f:username"), registers.shown("f:otp")
    later_type = row[7] >> 8 if registers.shown("type", "custom") not in TYPES else 0
    flags = (TYPES.index(type_of(registers)) or (later_type if 8 <= later_type <= 15 else 0)) << 8
    if not registers.shown("live"):
        flags |= ERASED if registers.shown("m:purged") else TRASHED
    flags |= FAVOURITE if registers.shown("m:favourite") else 0
    flags |= OTP if otp is not None else 0
    flags |= CONCURRENT if any(len(siblings) > 1 for siblings in registers.all.values()) else 0
    need(row[3] == registers.shown("path") and row[7] == flags, "index-invalid")
    need(row[4] == (user[1] if user is not None and user[0] == "p" else ""), "index-invalid")
    urls = [name for name, value in registers.named("f:url").items() if value is not None and value[0] == "p"]
    need(len(row[5]) <= len(urls), "index-invalid")
    need(row[6] == sorted(tags, key=lambda tag: tag.encode("utf-16-be", "surrogatepass")), "index-invalid")
    written = [s.hlc for siblings in registers.all.values() for s in siblings]
    need(row[8] == max(record["created"], *written), "index-invalid")
