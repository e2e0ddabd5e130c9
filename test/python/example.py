"""A small writer of vaults for the tests, after docs/format.md, and the worked example of its section 10."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plaintext import stringify
from reader import CROCKFORD, Credentials, Header, Slot, body_keys, checksum, expand, extract, padded, slot_keys

ID = bytes(range(16))
VRK = bytes(range(32, 64))
REPLICA = "6f1d2c3b4a596877"
OTHER = "7f1d2c3b4a596877"
NOW = 1767225600000


def fixed_stream() -> Callable[[int], bytes]:
    """The stream of section 10: each request takes whole blocks."""
    taken = 0

    def take(size: int) -> bytes:
        nonlocal taken
        first, taken = taken, taken + -(-size // 32)
        blocks = [hashlib.sha256(b"pm-test-rng" + i.to_bytes(2, "big")).digest() for i in range(first, taken)]
        return b"".join(blocks)[:size]

    return take


@dataclass(frozen=True)
class SlotPlan:
    """What one slot is made of."""

    type: int
    credentials: Credentials
    id: bytes = bytes(16)
    salt: bytes = bytes(32)
    wrap_salt: bytes = bytes(32)
    kdf: tuple[int, int, int] = (19456, 2, 1)
    flags: int = 0


def seal_slot(plan: SlotPlan, header: bytes, vrk: bytes) -> bytes:
    password, secret = plan.credentials.for_type(plan.type) or (None, None)
    m, t, p = plan.kdf if password is not None else (0, 0, 0)
    salt = plan.salt if password is not None else bytes(32)
    if plan.type == 6 and secret is not None:
        salt = expand(extract(b"pm/v1/secret", secret), b"argon2-salt", 32)
    start = bytes([plan.type, plan.flags, int(password is not None), p])
    start += m.to_bytes(4, "big") + t.to_bytes(4, "big") + bytes(4) + plan.id + salt + plan.wrap_salt
    wrap_key, commit = slot_keys(Opening(header), Slot(start + bytes(96)), password, secret)
    return start + commit + AESGCM(wrap_key).encrypt(bytes(12), vrk, None) + bytes(16)


class Opening(Header):
    """The beginning of a header that is being written: nothing in it is checked."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


def with_checksum(header: bytes) -> bytes:
    return header[:4064] + hashlib.sha256(header[:4064]).digest()


def body_length(plaintext: int) -> int:
    return 56 + plaintext + 16 * (plaintext // 16384 + 1)


def make_header(plans: list[SlotPlan], length: int, vault_id: bytes = ID, vrk: bytes = VRK, kind: int = 1) -> bytes:
    start = b"\x89PMV\r\n\x1a\n" + bytes([1, 0, 1, kind]) + bytes(4) + vault_id
    start += length.to_bytes(8, "big") + bytes([len(plans)]) + bytes(23)
    slots = b"".join(seal_slot(plan, start, vrk) for plan in plans)
    return with_checksum((start + slots).ljust(4096, b"\0"))


def seal_body(plain: bytes, header: bytes, vrk: bytes = VRK, salt: bytes = bytes(24)) -> bytes:
    key, nonce, commitment = body_keys(vrk, header, salt)
    body = salt + commitment
    for i in range(len(plain) // 16384 + 1):
        chunk = plain[16384 * i : 16384 * (i + 1)]
        body += AESGCM(key).encrypt((nonce ^ i).to_bytes(12, "big"), chunk, None)
    return body


def lay_out(index: bytes, records: bytes) -> bytes:
    plain = len(index).to_bytes(4, "big") + (1).to_bytes(4, "big") + len(records).to_bytes(8, "big")
    plain += index + records
    return plain.ljust(padded(len(plain)), b"\0")


def seal(plain: bytes, plans: list[SlotPlan], kind: int = 1) -> bytes:
    header = make_header(plans, body_length(len(plain)), kind=kind)
    return header + seal_body(plain, header)


def text(value: Any) -> bytes:
    return stringify(value).encode("utf-8")


def register(key: str, *values: Any, hlc: int = NOW) -> list[Any]:
    """One register; a second value stands for a concurrent write on the other replica."""
    return [key, [[value, (REPLICA, OTHER)[i], 7, hlc] for i, value in enumerate(values)]]


@dataclass
class Vault:
    """A whole vault in parts, for a test to spoil one of them before it is put together."""

    entries: list[tuple[dict[str, Any], list[Any]]]
    root: dict[str, Any]
    index: dict[str, Any]
    log: tuple[bytes, ...] = ()
    attachments: tuple[bytes, ...] = ()

    def plaintext(self) -> bytes:
        records = b""

        def place(record: bytes) -> list[int]:
            nonlocal records
            offset, records = len(records), records + record
            return [offset, len(record)]

        rows = []
        for record, columns in self.entries:
            rows.append([columns[0], *place(text(record)), *columns[1:]])
        root = dict(self.root)
        root["log"] = [place(record) for record in self.log]
        root["attachments"] = [place(record) for record in self.attachments]
        index = {**self.index, "root": place(text(root)), "e": rows}
        return lay_out(text(index), records)


def login_entry() -> tuple[dict[str, Any], list[Any]]:
    entry_id = "11" * 16
    record = {
        "id": entry_id,
        "created": NOW,
        "r": [
            register("live", True),
            register("path", "work/github"),
            register("type", "login"),
            register("f:username", ["p", "alice"]),
            register("f:password", ["c", "s3cr3t"], ["c", "other"]),
            register("f:url", ["p", "https://github.com/login"]),
            register("f:otp", ["c", "otpauth://totp/x?secret=ME"]),
            register("f:raw", ["C", "/w=="]),
            register("f:gone", None),
            register("t:dev", True),
            register("t:old", False),
            register("m:expires", "2027-02-28"),
            register("m:favourite", True),
            register("m:use-only", True),
            register("x:later", {"any": [1, None]}),
        ],
        "h": [["f:password", ["c", "older"], REPLICA, 3, 1766000000000]],
    }
    return record, [entry_id, "work/github", "alice", ["github.com"], ["dev"], 4 | 8 | 16 | 1 << 8, NOW]


def tombstone() -> tuple[dict[str, Any], list[Any]]:
    entry_id = "22" * 16
    registers = [register("live", False), register("path", ""), register("type", "note"), register("f:notes", None)]
    record = {"id": entry_id, "created": NOW, "r": [*registers, register("m:purged", True)], "h": []}
    return record, [entry_id, "", "", [], [], 2 | 2 << 8, NOW]


def operation(**rest: Any) -> dict[str, Any]:
    """A record of the operation log: a password changed, where `rest` does not say otherwise."""
    entry = ["11" * 16, "work/github", [["f:password", [["c", "older"]]]], 1]
    record = {"v": 1, "op": [REPLICA, 7, NOW], "by": "set", "kind": "change", "count": 1, "part": [1, 1], "e": [entry]}
    return {**record, **({} if rest.get("kind", "change") == "change" else {"e": []}), **rest}


def small_vault() -> Vault:
    root = {"v": 1, "rev": 7, "parents": ["ab" * 32], "keyEpoch": 1, "r": [], "log": [], "attachments": []}
    vector = {REPLICA: [[7, "AAECAwQFBgcICQoLDA0ODxAREhMU"]], OTHER: [[7, "_-" * 14]]}
    index = {"v": 1, "gen": 7, "hlc": NOW, "vv": vector, "root": [], "e": []}
    return Vault([login_entry(), tombstone()], root, index)


def base32(prefix: str, label: bytes, payload: bytes) -> str:
    """A recovery code or a secret key as people see it."""
    number = int.from_bytes(payload, "big") << 20 | int.from_bytes(checksum(label, payload)[:3], "big") >> 4
    digits = "".join(CROCKFORD[number >> shift & 31] for shift in range(175, -1, -5))
    return "-".join([prefix, *(digits[i : i + 4] for i in range(0, 36, 4))])


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Example:
    """PMV1-001 and the values on the way to it."""

    header: bytes
    vrk: bytes
    body_salt: bytes
    plain: bytes
    file: bytes


PASSWORD = Credentials(password=b"correct horse battery staple")
TOKEN = Credentials(token=b"\x42" * 32)


def pmv1_001() -> Example:
    take = fixed_stream()
    vault_id, vrk = take(16), take(32)
    slots = [
        SlotPlan(1, PASSWORD, take(16), take(32), take(32)),
        SlotPlan(5, TOKEN, take(16), bytes(32), take(32)),
    ]
    index = b'{"v":1,"e":[["id0",0,49,"GitHub","alice"]]}'
    records = b'{"title":"GitHub","user":"alice","pass":"s3cr3t"}'
    plain, body_salt = lay_out(index, records), take(24)
    header = make_header(slots, body_length(len(plain)), vault_id, vrk)
    return Example(header, vrk, body_salt, plain, header + seal_body(plain, header, vrk, body_salt))
