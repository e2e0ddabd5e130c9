#!/usr/bin/python3
"""An independent reader of the vault format PMV1, written from docs/format.md alone.

    reader.py FILE [--password-file F] [--key-file F] [--recovery-file F] [--token-file F] [--secret-file F]

Prints one JSON object. A broken rule prints {"error": CODE} on stderr, CODE being one of section 8, and exits 1.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plaintext import (
    MIB,
    FormatError,
    Registers,
    be,
    check_cover,
    join_data,
    need,
    parse_entry,
    parse_index,
    parse_log,
    parse_root,
)

HEADER, SLOT, CHUNK, TAG = 4096, 192, 16384, 16
KDF_TYPES = (1, 3, 6)
LABELS = {2: b"pm/v1/keyfile", 3: b"pm/v1/keyfile", 4: b"pm/v1/recovery", 5: b"pm/v1/token", 6: b"pm/v1/secret"}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


# Primitives


def hmac512(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha512")


extract = hmac512  # HKDF-Extract(salt, ikm) is HMAC(salt, ikm)


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    out = block = b""
    for i in range(1, -(-length // 64) + 1):
        block = hmac512(prk, block + info + bytes([i]))
        out += block
    return out[:length]


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, code: str) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        raise FormatError(code) from None


# Keys as people see them (section 7). A malformed one opens nothing: its code is that of a wrong one.


def checksum(label: bytes, payload: bytes) -> bytes:
    return hashlib.sha256(label + b"\0" + payload).digest()


def unbase64url(text: str) -> bytes:
    need(re.fullmatch(r"[\w-]+", text, re.ASCII) is not None and len(text) % 4 != 1, "auth")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(raw).decode().rstrip("=") == text, "auth")
    return raw


def parse_key_file(data: bytes) -> bytes:
    found = re.fullmatch(r"pm-keyfile-v1 ([\w-]{43}) ([0-9a-f]{8})\n", data.decode("latin-1"), re.ASCII)
    if found is None:
        raise FormatError("auth")
    raw = unbase64url(found[1])
    need(checksum(LABELS[2], raw)[:4].hex() == found[2], "auth")
    return raw


def parse_code(text: bytes, prefix: str, label: bytes) -> bytes:
    digits = text.decode("latin-1").strip().upper().replace(" ", "").replace("-", "")
    digits = digits.translate(str.maketrans("OIL", "011"))
    need(digits.startswith(prefix) and len(digits) == 40, "auth")
    need(all(d in CROCKFORD for d in digits[4:]), "auth")
    number = 0
    for digit in digits[4:]:
        number = number << 5 | CROCKFORD.index(digit)
    payload = (number >> 20).to_bytes(20, "big")
    need(be(checksum(label, payload)[:3]) >> 4 == number & 0xFFFFF, "auth")
    return payload


def parse_token(text: bytes) -> bytes:
    token = text.decode("latin-1").strip()
    need(token.startswith("pmt1_"), "auth")
    raw = unbase64url(token[5:])
    need(len(raw) == 44 and checksum(LABELS[5], raw[:40])[:4] == raw[40:], "auth")
    return expand(extract(b"pm/v1/tok", raw[8:40]), b"wrap", 32)


def parse_password(data: bytes) -> bytes:
    """The password is the file's content without one final newline."""
    raw = data[:-1] if data.endswith(b"\n") else data
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return raw


@dataclass
class Credentials:
    password: Optional[bytes] = None
    key_file: Optional[bytes] = None
    recovery: Optional[bytes] = None
    token: Optional[bytes] = None
    secret_key: Optional[bytes] = None

    def for_type(self, kind: int) -> Optional[tuple[Optional[bytes], Optional[bytes]]]:
        """Password and secret that open a slot of this type, or None where one of them was not given."""
        secret = {2: self.key_file, 3: self.key_file, 4: self.recovery, 5: self.token, 6: self.secret_key}.get(kind)
        password = self.password if kind in KDF_TYPES else None
        usable = (kind not in KDF_TYPES or password is not None) and (kind == 1 or secret is not None)
        return (password, secret) if usable else None


# Header and slots (sections 3 and 4; steps 1 to 10 of section 8)


class Slot:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.type, self.flags, self.kdf, self.p = raw[:4]
        self.m, self.t = be(raw[4:8]), be(raw[8:12])
        self.id, self.kdf_salt, self.wrap_salt = raw[16:32], raw[32:64], raw[64:96]
        self.commit, self.sealed = raw[96:128], raw[128:176]

    def check(self) -> None:
        need(1 <= self.type <= 6 and self.flags & ~1 == 0, "slot-invalid")
        need(self.kdf == (1 if self.type in KDF_TYPES else 0), "slot-invalid")
        need(not any(self.raw[12:16]) and not any(self.raw[176:]), "slot-invalid")
        if self.kdf == 0:
            need(not any(self.raw[3:12]) and not any(self.kdf_salt), "slot-invalid")
            return
        need(19456 <= self.m <= MIB and self.m >= 8 * self.p and 2 <= self.t <= 64, "kdf-out-of-bounds")
        need(1 <= self.p <= 16 and self.m * self.t <= 8388608, "kdf-out-of-bounds")


class Header:
    """The first 4,096 bytes of a file, checked."""

    def __init__(self, data: bytes) -> None:
        need(len(data) >= HEADER + 72, "truncated")
        self.raw = h = data[:HEADER]
        need(h[:8] == b"\x89PMV\r\n\x1a\n", "not-a-vault")
        need(h[8] == 1, "unsupported-version")
        need(hashlib.sha256(h[:4064]).digest() == h[4064:], "header-checksum")
        need(h[10] == 1, "unsupported-suite")
        need(1 <= h[11] <= 3, "unsupported-kind")
        need(not any(h[12:16]), "unsupported-feature")
        count = h[40]
        need(not any(h[41:64] + h[64 + SLOT * count : 3136] + h[3136:4064]), "reserved-not-zero")
        need(1 <= count <= 16, "slot-count")
        self.kind, self.vault_id = h[11], h[16:32]
        self.slots = [Slot(h[64 + SLOT * i : 64 + SLOT * (i + 1)]) for i in range(count)]
        for slot in self.slots:
            slot.check()
        need(sum(slot.type in KDF_TYPES for slot in self.slots) <= 4, "kdf-out-of-bounds")
        body = be(h[32:40])
        need(body >= 72 and (body - 56) % (CHUNK + TAG) >= TAG, "body-length")
        need(HEADER + body <= (64 if self.kind == 3 else 512) * MIB, "body-length")
        need(len(data) >= HEADER + body, "truncated")
        need(len(data) == HEADER + body, "body-length")


def slot_keys(header: Header, slot: Slot, password: Optional[bytes], secret: Optional[bytes]) -> tuple[bytes, bytes]:
    """The slot's wrapKey and commit."""
    a = x = bytes(32)
    if password is not None:
        salt = slot.kdf_salt
        if slot.type == 6 and secret is not None:
            salt = expand(extract(LABELS[6], secret), b"argon2-salt", 32)
        a = hash_secret_raw(password, salt, slot.t, slot.m, slot.p, 32, Type.ID, 0x13)
    if secret is not None:
        x = checksum(LABELS[slot.type], secret)
    h = header.raw
    info = b"pm/v1/slot\0" + h[8:9] + h[10:12] + h[16:32] + slot.raw[:96]
    okm = expand(extract(slot.wrap_salt, a + x), info, 64)
    return okm[:32], okm[32:]


def unlock(header: Header, credentials: Credentials) -> tuple[Slot, bytes]:
    """The slot that opened and the vault root key: steps 11 and 12."""
    to_try = [slot for slot in header.slots if credentials.for_type(slot.type) is not None]
    need(sum(slot.m * slot.t for slot in to_try) <= 16777216, "kdf-out-of-bounds")
    for slot in sorted(to_try, key=lambda s: s.kdf):
        password, secret = credentials.for_type(slot.type) or (None, None)
        wrap_key, commit = slot_keys(header, slot, password, secret)
        if hmac.compare_digest(commit, slot.commit):
            return slot, gcm_open(wrap_key, bytes(12), slot.sealed, "slot-corrupt")
    raise FormatError("auth")


# Renewed root keys (section 6.5)


def key_id(vrk: bytes) -> str:
    return expand(vrk, b"pm/v1/vrk-id", 16).hex()


def renewal(epoch: int, old: bytes, new: bytes) -> list[Any]:
    """The item of the key history: what the old key of this epoch says of the new one."""
    proof = hmac512(expand(old, b"pm/v1/rotate", 32), f"{epoch + 1}:{key_id(new)}".encode("ascii"))
    return [epoch, key_id(old), proof[:32].hex()]


# Body (section 5; steps 13 and 14)


def body_keys(vrk: bytes, header: bytes, salt: bytes) -> tuple[bytes, int, bytes]:
    """Key, base nonce as an integer, commitment."""
    context = b"pm/v1\0" + hashlib.sha256(header).digest()
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    okm = expand(expand(vrk, b"pm/v1/body", 32), info, 76)
    return okm[:32], be(okm[32:44]), okm[44:]


def open_body(vrk: bytes, header: bytes, body: bytes) -> bytes:
    key, nonce, commitment = body_keys(vrk, header, body[:24])
    need(hmac.compare_digest(commitment, body[24:56]), "body-commitment")
    step, sealed = CHUNK + TAG, memoryview(body)[56:]
    chunks = []
    for i in range(len(sealed) // step + 1):
        chunk = bytes(sealed[step * i : step * (i + 1)])
        chunks.append(gcm_open(key, (nonce ^ i).to_bytes(12, "big"), chunk, "body-corrupt"))
    return b"".join(chunks)


# Layout (section 6.1; steps 15 and 16)


def padded(x: int) -> int:
    if x <= 65536:
        return 65536
    e = x.bit_length() - 1
    step = 1 << (e - e.bit_length())  # bit_length(e) is floor(log2 e) + 1
    return -(-x // step) * step


def split_plaintext(plain: bytes) -> tuple[bytes, bytes]:
    """Index and records."""
    need(len(plain) >= 16 and be(plain[4:8]) == 1, "layout-invalid")
    size, rest = be(plain[:4]), be(plain[8:16])
    end = 16 + size + rest
    need(padded(end) == len(plain), "layout-invalid")
    need(not any(plain[end:]), "padding-not-zero")
    return plain[16 : 16 + size], plain[16 + size : end]


# The whole file


def show_slot(slot: Slot, book: Registers, opened: Slot) -> dict[str, Any]:
    entry = book.shown("slot:" + slot.id.hex())
    return {
        "id": slot.id.hex(),
        "type": slot.type,
        "readOnly": slot.flags == 1,
        "kdf": {"m": slot.m, "t": slot.t, "p": slot.p} if slot.kdf else None,
        "label": entry["label"] if entry else None,
        "opened": slot is opened,
    }


def read_vault(data: bytes, credentials: Credentials) -> dict[str, Any]:
    header = Header(data)
    opened, vrk = unlock(header, credentials)
    raw_index, records = split_plaintext(open_body(vrk, header.raw, data[HEADER:]))
    index = parse_index(raw_index)
    extents = [index["root"]] + [row[1:3] for row in index["e"]]
    need(all(offset + size <= len(records) and size <= MIB for offset, size in extents), "index-invalid")

    def record(extent: list[int]) -> bytes:
        return records[extent[0] : sum(extent)]

    root, book = parse_root(record(index["root"]), index)
    check_cover(extents + root["log"] + root["attachments"], len(records))
    data = join_data(root, record)
    log = parse_log(map(record, root["log"]))
    return {
        "vaultId": header.vault_id.hex(),
        "rev": root["rev"],
        "keyEpoch": root["keyEpoch"],
        "keyId": key_id(vrk),
        "keyHistory": root.get("keyHistory", []),
        "share": root.get("share"),
        "shares": {key: value for key, value in book.named("share:").items() if value is not None},
        "log": log,
        "entries": [parse_entry(record(row[1:3]), row, data) for row in index["e"]],
        "slots": [show_slot(slot, book, opened) for slot in header.slots],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Read a vault file of format PMV1.")
    parser.add_argument("file", type=Path)
    for kind in ("password", "key", "recovery", "token", "secret"):
        parser.add_argument(f"--{kind}-file", type=Path)
    args = parser.parse_args()

    def given(path: Optional[Path], parse: Callable[[bytes], bytes]) -> Optional[bytes]:
        return None if path is None else parse(path.read_bytes())

    try:
        credentials = Credentials(
            given(args.password_file, parse_password),
            given(args.key_file, parse_key_file),
            given(args.recovery_file, lambda text: parse_code(text, "PMR1", LABELS[4])),
            given(args.token_file, parse_token),
            given(args.secret_file, lambda text: parse_code(text, "PMS1", LABELS[6])),
        )
        with args.file.open("rb") as file:
            vault = read_vault(file.read(512 * MIB + 1), credentials)
    except FormatError as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr)
        return 1
    print(json.dumps(vault))
    return 0


if __name__ == "__main__":
    sys.exit(main())
