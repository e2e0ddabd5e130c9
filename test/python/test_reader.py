"""Run with: /usr/bin/python3 -m unittest discover -s test/python"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable

import example as ex
import plaintext
import reader
from example import NOW, OTHER, REPLICA, SlotPlan, Vault, register
from plaintext import FormatError
from reader import Credentials

TOKEN_PLAN = SlotPlan(5, ex.TOKEN, b"\x01" * 16)
LOG_READ = [("bare", 2), ("bare", 1), ("change", 1), ("change", 3)]
KEY, CODE, SECRET = bytes(range(32)), bytes(range(20)), bytes(range(1, 21))


def vault_file(spoil: Callable[[Vault], Any] = lambda vault: None, kind: int = 1) -> bytes:
    vault = ex.small_vault()
    spoil(vault)
    return ex.seal(vault.plaintext(), [TOKEN_PLAN], kind)


def patched(offset: int, data: bytes, file: bytes) -> bytes:
    """The file with other bytes in its header, and a right checksum."""
    return ex.with_checksum(file[:offset] + data + file[offset + len(data) : 4096]) + file[4096:]


def plain_file(change: Callable[[bytearray], Any]) -> bytes:
    plain = bytearray(ex.small_vault().plaintext())
    change(plain)
    return ex.seal(bytes(plain), [TOKEN_PLAN])


def put(at: int, data: bytes) -> Callable[[bytearray], None]:
    def change(plain: bytearray) -> None:
        plain[at : at + len(data)] = data

    return change


def flipped(file: bytes, offset: int) -> bytes:
    return file[:offset] + bytes([file[offset] ^ 1]) + file[offset + 1 :]


class WorkedExample(unittest.TestCase):
    """Section 10."""

    made = ex.pmv1_001()

    def test_header_and_slots(self) -> None:
        header = reader.Header(self.made.file)
        self.assertEqual(self.made.vrk.hex(), "96322e0591dd3596a188230f98774417f787763579998d7bd4206c1551904da3")
        self.assertEqual(header.vault_id.hex(), "30802a9490c711a60d1313575dc698e1")
        self.assertEqual(header.raw[32:41].hex(), "000000000001008802")
        slot = header.slots[0]
        self.assertEqual(slot.id.hex(), "2bd5f7af8388a9ec4c6c1ebeff88d98f")
        self.assertEqual(slot.kdf_salt.hex(), "b6000cdf5ff4c6bec49cbc56052447b503a9c752ae478b783190d95ba3280b5b")
        wrap_key, commit = reader.slot_keys(header, slot, ex.PASSWORD.password, None)
        self.assertEqual(wrap_key.hex(), "747fad47aac6b4fa465e7b208316bff77ec4638052fbb5c2cc027896835fdbcf")
        self.assertEqual(commit, slot.commit)
        self.assertEqual(commit.hex(), "9460d94226110db07b20e464d3cdd44aeaef080274de5b4e45b29bcb849b54ac")
        self.assertEqual(slot.sealed.hex()[:64], "da552d8e575773c5d11a7d384e549d64421641ce32ced366407fe0cc27e4ba26")
        token_commit = header.slots[1].commit.hex()
        self.assertEqual(token_commit, "12046cb2d93cfd5b9cb040e033050024ff631ba3d10a28c96e4558038c3d818f")
        x = reader.checksum(b"pm/v1/token", b"\x42" * 32).hex()
        self.assertEqual(x, "67f07bf8e816a751e9ab44d2b897d1b70a3389a6ec4f23b13d454278ba9f9090")

    def test_both_slots_open_the_root_key(self) -> None:
        header = reader.Header(self.made.file)
        for credentials in (ex.PASSWORD, ex.TOKEN):
            self.assertEqual(reader.unlock(header, credentials)[1], self.made.vrk)

    def test_body(self) -> None:
        digest = hashlib.sha256(self.made.header).hexdigest()
        self.assertEqual(digest, "8cc5ef6a458937c1bd8c299e0ee9dc81129f9ff6827d3e06df830cdb9ae29b63")
        self.assertEqual(self.made.body_salt.hex(), "0f72a787b00181b37f3cddbfcd6f3a7adbd9199fbdbcb42a")
        key, nonce, commitment = reader.body_keys(self.made.vrk, self.made.header, self.made.body_salt)
        self.assertEqual(key.hex(), "552602081267702153059d649b25302402f6792e0f321d8966f4169afd30f194")
        self.assertEqual(f"{nonce:024x}", "2b7d7d12963a580f491c2a35")
        self.assertEqual(commitment.hex(), "ef15a86fd083af43a4115618135b312acc8ae926179bb117ebb87a7be695b93a")
        self.assertEqual(self.made.file[-16:].hex(), "b8cc06c3a42ef8f4d037025e63a8042a")
        self.assertEqual(reader.open_body(self.made.vrk, self.made.header, self.made.file[4096:]), self.made.plain)

    def test_file(self) -> None:
        digest = hashlib.sha256(self.made.file).hexdigest()
        self.assertEqual((len(self.made.file), digest[:32]), (69768, "fca643f15044e1ec1b56ed5c59b1603d"))
        self.assertEqual(digest[32:], "b82b28cf08b1d014f0feb1d7706392ea")

    def test_its_index_is_not_a_complete_one(self) -> None:
        with self.assertRaisesRegex(FormatError, "^index-invalid$"):
            reader.read_vault(self.made.file, ex.TOKEN)


class Keys(unittest.TestCase):
    """Section 7."""

    def test_worked_values(self) -> None:
        line = b"pm-keyfile-v1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 cbf54040\n"
        self.assertEqual(reader.parse_key_file(line), KEY)
        code = b"PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG"
        self.assertEqual(reader.parse_code(code, "PMR1", b"pm/v1/recovery"), CODE)
        self.assertEqual(ex.base32("PMR1", b"pm/v1/recovery", CODE).encode(), code)
        token = b"pmt1_AAECAwQFBgcAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH_DBlx0"
        slot_secret = "31100ee508c443d0a99eff44105c9bca5818d7db3013892675304edb13c787f2"
        self.assertEqual(reader.parse_token(token).hex(), slot_secret)

    def test_a_code_may_be_typed_carelessly(self) -> None:
        typed = b"pmri ooog 4or4-0m30e209 185g-r38e iw8L-24gk-d4fg\n"
        self.assertEqual(reader.parse_code(typed, "PMR1", b"pm/v1/recovery"), CODE)

    def test_a_mistyped_key_is_refused(self) -> None:
        def recovery(code: bytes) -> bytes:
            return reader.parse_code(code, "PMR1", b"pm/v1/recovery")

        cases: list[tuple[Callable[[bytes], bytes], bytes]] = [
            (reader.parse_key_file, b"pm-keyfile-v1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 cbf54041\n"),
            (reader.parse_key_file, b"pm-keyfile-v1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 cbf54040"),
            (reader.parse_key_file, b"pm-keyfile-v1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9 cbf54040\n"),
            (recovery, b"PMR1-100G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG"),
            (recovery, b"PMR1-U00G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG"),
            (reader.parse_token, b"pmt1_AAECAwQFBgcAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH_DBlx1"),
        ]
        for parse, key in cases:
            with self.subTest(key=key), self.assertRaisesRegex(FormatError, "^auth$"):
                parse(key)

    def test_a_password_is_normalised_where_it_is_text(self) -> None:
        self.assertEqual(reader.parse_password("pa\u0308ss\u00e9\n".encode()), "p\u00e4ss\u00e9".encode())
        self.assertEqual(reader.parse_password(b"a\xff\n"), b"a\xff")


class WholeVaults(unittest.TestCase):
    def test_every_slot_type_opens(self) -> None:
        every = Credentials("p\u00e4ss".encode(), KEY, CODE, b"\x42" * 32, SECRET)
        plans = [SlotPlan(kind, every, bytes([kind] * 16), b"\x05" * 32, b"\x06" * 32) for kind in range(1, 7)]
        file = ex.seal(ex.small_vault().plaintext(), plans)
        password = every.password
        cases = [
            (Credentials(password), 1),
            (Credentials(key_file=KEY), 2),
            (Credentials(recovery=CODE), 4),
            (Credentials(token=b"\x42" * 32), 5),
        ]
        for credentials, kind in cases:
            opened = [slot["type"] for slot in reader.read_vault(file, credentials)["slots"] if slot["opened"]]
            self.assertEqual(opened, [kind])
        for kind, credentials in ((3, Credentials(password, KEY)), (6, Credentials(password, secret_key=SECRET))):
            file = ex.seal(ex.small_vault().plaintext(), [plans[kind - 1]])
            self.assertEqual(reader.read_vault(file, credentials)["rev"], 7)
            with self.assertRaisesRegex(FormatError, "^auth$"):
                reader.read_vault(file, Credentials(password))

    def test_an_entry_is_shown(self) -> None:
        vault = reader.read_vault(vault_file(), ex.TOKEN)
        self.assertEqual((vault["vaultId"], vault["rev"]), (ex.ID.hex(), 7))
        entry, erased = vault["entries"]
        self.assertEqual(entry["path"], "work/github")
        self.assertEqual(entry["fields"]["username"], {"text": "alice", "concealed": False})
        self.assertEqual(entry["fields"]["raw"], {"base64": "/w==", "concealed": True})
        self.assertNotIn("gone", entry["fields"])
        self.assertEqual((entry["tags"], entry["expires"], entry["favourite"]), (["dev"], "2027-02-28", True))
        self.assertTrue(entry["useOnly"])
        self.assertEqual(entry["history"][0]["text"], "older")
        self.assertEqual((erased["path"], erased["erased"], erased["trashed"]), ("", True, True))
        self.assertEqual(vault["slots"][0]["label"], None)

    def test_of_concurrent_values_the_highest_is_shown(self) -> None:
        """hlc first, then the replica."""
        entry = reader.read_vault(vault_file(), ex.TOKEN)["entries"][0]
        self.assertEqual((entry["fields"]["password"]["text"], entry["concurrent"]), ("other", ["f:password"]))

        def older(vault: Vault) -> None:
            vault.entries[0][0]["r"][4][1][1][3] -= 1

        entry = reader.read_vault(vault_file(older), ex.TOKEN)["entries"][0]
        self.assertEqual(entry["fields"]["password"]["text"], "s3cr3t")

    def test_any_true_sibling_of_live_wins(self) -> None:
        def trash(vault: Vault) -> None:
            vault.entries[0][0]["r"][0] = register("live", True, False)

        self.assertFalse(reader.read_vault(vault_file(trash), ex.TOKEN)["entries"][0]["trashed"])

    def test_the_slot_book_names_the_slots(self) -> None:
        def book(vault: Vault) -> None:
            raw = base64.b64encode(bytes(16) + TOKEN_PLAN.id + bytes(160)).decode()
            value = {"label": "ci", "created": NOW, "epoch": 1, "bytes": raw}
            vault.root["r"] = [register("slot:" + TOKEN_PLAN.id.hex(), value), register("slot:" + "07" * 16, None)]

        self.assertEqual(reader.read_vault(vault_file(book), ex.TOKEN)["slots"][0]["label"], "ci")

    def test_log_and_attachments_are_covered(self) -> None:
        def extents(vault: Vault) -> None:
            vault.log, vault.attachments = (ex.text(ex.operation()),), (b"\0\1", b"x")

        self.assertEqual(reader.read_vault(vault_file(extents), ex.TOKEN)["rev"], 7)

    def test_attachments_are_joined_and_held_against_their_hashes(self) -> None:
        data = bytes(range(256)) * 4097  # over 1 MiB: two records
        digest = hashlib.sha256(data).hexdigest()

        def attached(size: int = len(data), **rest: Any) -> Callable[[Vault], None]:
            def change(vault: Vault) -> None:
                vault.entries[0][0]["r"].append(register("a:data", [size, digest]))
                vault.attachments = (data[: plaintext.MIB], data[plaintext.MIB :], b"of a later version")
                vault.root.update({"contents": [[len(data), digest]], **rest})

            return change

        entry = reader.read_vault(vault_file(attached()), ex.TOKEN)["entries"][0]
        self.assertEqual(entry["attachments"], {"data": [len(data), digest]})
        for spoil in (
            attached(size=1),
            attached(contents=[[len(data), "00" * 32]]),
            attached(contents=[[len(data) - 1, digest]]),
            attached(contents=[[len(data), digest], [1, "00" * 32]]),
            attached(contents=[]),
        ):
            with self.assertRaisesRegex(FormatError, "^record-invalid$"):
                reader.read_vault(vault_file(spoil), ex.TOKEN)

    def test_the_operation_log_is_read(self) -> None:
        whole = {"kind": "bare", "e": [["11" * 16, "a", [["live", []], ["path"]], 0]]}
        changed = {"e": [["22" * 16, "", [["f:a", [None, ["p", "x"]]], ["x:later", [{}]]], []]]}
        parts = [{"op": [OTHER, 2, NOW], "part": [k, 3], "count": 3} for k in (1, 2, 3)]
        spoil = log_is(*parts[1:], {"op": [REPLICA, 6, NOW], **whole}, changed, *parts)
        log = reader.read_vault(vault_file(spoil), ex.TOKEN)["log"]
        self.assertEqual([(item["kind"], len(item["entries"])) for item in log], LOG_READ)
        first = {"op": [REPLICA, 6, NOW], "by": "set", "kind": "bare", "count": 1, "entries": ["11" * 16]}
        self.assertEqual(log[1], first)

    def test_a_renewal_is_proven_by_the_old_key(self) -> None:
        first, second = bytes(range(32)), bytes(range(32, 64))
        self.assertEqual(reader.key_id(second), "6871aaab679a00b8a1fc2cd5a7d00d4c")
        proof = "89dba6709ef9b90d9f0db4840c7720dd9e19b20ee185c79d8bd4964a29c9be5b"
        self.assertEqual(reader.renewal(1, first, second), [1, "39b560b2dee1ec032fb9e031875e5fad", proof])

    def test_histories_of_a_replica(self) -> None:
        for histories in [
            [[5000, "-_aZ" * 4096]],
            [[2, "AAAABBBB"], [1, "CCCC"]],
            [[1, "A" * 4], [1, "B" * 4], [1, "a" * 4]],
            [[1, f"AA{i}"] for i in range(10, 26)],
        ]:
            with self.subTest(histories=histories):
                self.assertEqual(reader.read_vault(vault_file(vector_is(*histories)), ex.TOKEN)["rev"], 7)

    def test_an_entry_erased_here_and_edited_there_is_recovered(self) -> None:
        def erase(vault: Vault) -> None:
            set_registers(vault, {"path": ("",), "live": (False,), "m:purged": (True,)})
            vault.entries[0][1][1] = "recovered/11111111"
            vault.entries[0][1][5] |= 1

        entry = reader.read_vault(vault_file(erase), ex.TOKEN)["entries"][0]
        shown = (entry["path"], entry["trashed"], entry["erased"], entry["fields"]["username"]["text"])
        self.assertEqual(shown, ("recovered/11111111", True, False, "alice"))

    def test_equal_values_are_no_conflict_nor_are_life_and_death(self) -> None:
        def merge(vault: Vault) -> None:
            values = {"f:password": (["c", "x"], ["c", "x"]), "live": (True, False), "m:purged": (True, False)}
            set_registers(vault, values)
            vault.entries[0][1][5] ^= 16

        self.assertEqual(reader.read_vault(vault_file(merge), ex.TOKEN)["entries"][0]["concurrent"], [])

    def test_limits_bind_writers_and_merging_may_leave_more(self) -> None:
        def grow(vault: Vault) -> None:
            record, row = vault.entries[0]
            record["r"] += [register(f"f:x{i}", ["p", ""]) for i in range(65)]
            record["r"] += [register(f"t:x{i}", True) for i in range(65)]
            record["r"] += [register("f:" + "y" * 129, ["p", "z" * 262145])]
            record["h"] *= 21
            row[4] = sorted(["dev", *(f"x{i}" for i in range(65))])

        self.assertEqual(len(reader.read_vault(vault_file(grow), ex.TOKEN)["entries"][0]["history"]), 21)

    def test_a_plaintext_beyond_the_least_length_is_padded_by_padme(self) -> None:
        def long(vault: Vault) -> None:
            vault.entries[0][0]["r"][5][1][0][0][1] = "x" * 100000

        self.assertEqual(reader.padded(65537), 67584)
        self.assertEqual(reader.read_vault(vault_file(long), ex.TOKEN)["rev"], 7)

    def test_the_command_line_prints_json_or_a_code(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file, password = Path(folder, "v.pm"), Path(folder, "password")
            password.write_bytes("pa\u0308ss\n".encode())
            plan = SlotPlan(1, Credentials("p\u00e4ss".encode()), kdf=(32768, 3, 4))
            file.write_bytes(ex.seal(ex.small_vault().plaintext(), [plan]))
            command = [sys.executable, reader.__file__, str(file), "--password-file", str(password)]
            done = subprocess.run(command, capture_output=True, check=True)
            self.assertEqual(len(json.loads(done.stdout)["entries"]), 2)
            password.write_bytes(b"wrong")
            failed = subprocess.run(command, capture_output=True)
            self.assertEqual((failed.returncode, json.loads(failed.stderr)), (1, {"error": "auth"}))


def rows(change: Callable[[list[Any]], Any]) -> Callable[[Vault], Any]:
    """Spoils the columns of the login entry's row: id, path, user, hosts, tags, flags, modified."""
    return lambda vault: change(vault.entries[0][1])


def flag(bit: int) -> Callable[[Vault], Any]:
    return rows(lambda row: row.__setitem__(5, row[5] ^ bit))


def index_is(**members: Any) -> Callable[[Vault], Any]:
    return lambda vault: vault.index.update(members)


def root_is(**members: Any) -> Callable[[Vault], Any]:
    return lambda vault: vault.root.update(members)


def record_is(**members: Any) -> Callable[[Vault], Any]:
    return lambda vault: vault.entries[0][0].update(members)


def value_is(key: str, value: Any) -> Callable[[Vault], Any]:
    """One value of the login entry, where the value before it is not."""

    def change(vault: Vault) -> None:
        registers = vault.entries[0][0]["r"]
        kept = [item for item in registers if item[0] != key]
        vault.entries[0][0]["r"] = [*kept, register(key, value)]

    return change


def set_registers(vault: Vault, registers: dict[str, tuple[Any, ...]]) -> None:
    """Registers of the login entry, with their values; two of them are of two replicas."""
    record = vault.entries[0][0]
    kept = [item for item in record["r"] if item[0] not in registers]
    record["r"] = [*kept, *(register(key, *values) for key, values in registers.items())]


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels > 1 else []


def duplicate_entry(vault: Vault) -> None:
    vault.entries.append(vault.entries[0])


def vector_is(*histories: Any) -> Callable[[Vault], Any]:
    """The version vector of one replica."""
    return index_is(vv={REPLICA: list(histories)})


def log_is(*records: dict[str, Any]) -> Callable[[Vault], Any]:
    """A log of records, each by what is otherwise than in a right one."""

    def change(vault: Vault) -> None:
        vault.log = tuple(ex.text(ex.operation(**rest)) for rest in records)

    return change


def image_is(*of: Any, **rest: Any) -> Callable[[Vault], Any]:
    """A log of one record that touched one entry."""
    return log_is({"e": [list(of)], **rest})


def registers_are(*of: Any, **rest: Any) -> Callable[[Vault], Any]:
    return image_is("11" * 16, "work/github", list(of), 0, **rest)


class Refusals(unittest.TestCase):
    """Section 8, step by step."""

    def refused(self, code: str, file: bytes, credentials: Credentials = ex.TOKEN) -> None:
        with self.assertRaisesRegex(FormatError, f"^{code}$"):
            reader.read_vault(file, credentials)

    def test_header(self) -> None:
        file = vault_file()
        self.refused("truncated", file[:4167])
        self.refused("not-a-vault", b"\x88" + file[1:])
        self.refused("unsupported-version", file[:8] + b"\2" + file[9:])
        self.refused("header-checksum", flipped(file, 20))
        for code, offset, data in [
            ("unsupported-suite", 10, b"\2"),
            ("unsupported-kind", 11, b"\0"),
            ("unsupported-kind", 11, b"\4"),
            ("unsupported-feature", 12, b"\x80"),
            ("reserved-not-zero", 41, b"\1"),
            ("reserved-not-zero", 63, b"\1"),
            ("reserved-not-zero", 64 + 192, b"\1"),
            ("reserved-not-zero", 3135, b"\1"),
            ("reserved-not-zero", 3136, b"\1"),
            ("reserved-not-zero", 4063, b"\1"),
            ("slot-count", 40, b"\x11"),
        ]:
            with self.subTest(code=code, offset=offset):
                self.refused(code, patched(offset, data, file))
        self.refused("slot-count", patched(40, bytes(24 + 192), file))

    def test_the_minor_version_changes_nothing(self) -> None:
        self.refused("body-commitment", patched(9, b"\7", vault_file()))

    def test_slots(self) -> None:
        file = vault_file()
        password = ex.seal(ex.small_vault().plaintext(), [SlotPlan(1, ex.PASSWORD)])
        for code, offset, data, made in [
            ("slot-invalid", 0, b"\0", file),
            ("slot-invalid", 0, b"\7", file),
            ("slot-invalid", 1, b"\2", file),
            ("slot-invalid", 2, b"\1", file),
            ("slot-invalid", 3, b"\1", file),
            ("slot-invalid", 7, b"\1", file),
            ("slot-invalid", 11, b"\1", file),
            ("slot-invalid", 12, b"\1", file),
            ("slot-invalid", 32, b"\1", file),
            ("slot-invalid", 191, b"\1", file),
            ("slot-invalid", 2, b"\0", password),
            ("slot-invalid", 2, b"\2", password),
            ("kdf-out-of-bounds", 3, b"\0", password),
            ("kdf-out-of-bounds", 3, b"\x11", password),
            ("kdf-out-of-bounds", 4, (19455).to_bytes(4, "big"), password),
            ("kdf-out-of-bounds", 4, (1048577).to_bytes(4, "big"), password),
            ("kdf-out-of-bounds", 8, (1).to_bytes(4, "big"), password),
            ("kdf-out-of-bounds", 8, (65).to_bytes(4, "big"), password),
            ("kdf-out-of-bounds", 4, (1048576).to_bytes(4, "big") + (9).to_bytes(4, "big"), password),
        ]:
            with self.subTest(offset=offset, data=data):
                self.refused(code, patched(64 + offset, data, made), ex.PASSWORD)

    def test_at_most_four_password_slots(self) -> None:
        slot = ex.seal_slot(SlotPlan(1, ex.PASSWORD), bytes(64), ex.VRK)
        file = patched(40, b"\5" + bytes(23) + slot * 5, vault_file())
        self.refused("kdf-out-of-bounds", file, ex.PASSWORD)

    def test_the_work_of_all_slots_to_try_is_bounded(self) -> None:
        slot = ex.seal_slot(SlotPlan(1, ex.PASSWORD), bytes(64), ex.VRK)
        heavy = slot[:4] + (1048576).to_bytes(4, "big") + (8).to_bytes(4, "big") + slot[12:]
        self.refused("kdf-out-of-bounds", patched(40, b"\3" + bytes(23) + heavy * 3, vault_file()), ex.PASSWORD)

    def test_body_length(self) -> None:
        file = vault_file()
        for length in (71, 56 + 16400, 56 + 16400 + 15, 512 * 2**20 - 4096 + 1, 2**64 - 1):
            with self.subTest(length=length):
                self.refused("body-length", patched(32, length.to_bytes(8, "big"), file))
        remote = vault_file(kind=3)
        self.refused("body-length", patched(32, (64 * 2**20 - 4096 + 1).to_bytes(8, "big"), remote))
        self.refused("truncated", file[:-1])
        self.refused("body-length", file + b"\0")

    def test_keys_and_body(self) -> None:
        file = vault_file()
        self.refused("auth", file, Credentials())
        self.refused("auth", file, ex.PASSWORD)
        self.refused("auth", file, Credentials(token=bytes(32)))
        self.refused("auth", patched(64 + 96, b"\0", file))
        self.refused("slot-corrupt", patched(64 + 128, bytes(48), file))
        self.refused("body-commitment", flipped(file, 4096))
        self.refused("body-commitment", flipped(file, 4096 + 24))
        self.refused("body-corrupt", flipped(file, 4096 + 56))
        self.refused("body-corrupt", flipped(file, len(file) - 1))

    def test_layout(self) -> None:
        self.refused("layout-invalid", plain_file(put(7, b"\2")))
        self.refused("layout-invalid", plain_file(put(0, b"\1")))
        self.refused("layout-invalid", plain_file(put(8, b"\xff" * 8)))
        self.refused("layout-invalid", plain_file(lambda plain: plain.append(0)))
        self.refused("layout-invalid", ex.seal(b"", [TOKEN_PLAN]))
        self.refused("padding-not-zero", plain_file(put(65535, b"\1")))

    def test_index(self) -> None:
        spoilers: dict[str, Callable[[Vault], Any]] = {
            "version": index_is(v=2),
            "gen of another revision": index_is(gen=8),
            "clock is no integer": index_is(hlc="1"),
            "replica": index_is(vv={"6F1d2c3b4a596877": [[1, "AAAA"]]}),
            "replica without histories": vector_is(),
            "histories as an object": index_is(vv={REPLICA: {}}),
            "saves count from 1": vector_is([0, ""]),
            "history of three parts": vector_is([1, "AAAA", 0]),
            "tags that are no text": vector_is([1, 0]),
            "a tag too few": vector_is([2, "AAAA"]),
            "a tag too many": vector_is([1, "AAAAAAAA"]),
            "a tag of three characters": vector_is([1, "AAA"]),
            "tags of 4,097 saves": vector_is([4097, "A" * 4 * 4097]),
            "base64": vector_is([1, "AA+/"]),
            "a line feed in a tag": vector_is([1, "AAA\n"]),
            "a letter beyond ASCII in a tag": vector_is([1, "AAA\u00e9"]),
            "shorter history first": vector_is([1, "AAAA"], [2, "BBBBBBBB"]),
            "histories of one length by their tags": vector_is([1, "B" * 4], [1, "A" * 4]),
            "two histories alike": vector_is([1, "AAAA"], [1, "AAAA"]),
            "17 histories": vector_is(*([1, f"AA{i}"] for i in range(10, 27))),
            "replicas": index_is(vv={f"{i:016x}": [[1, "AAAA"]] for i in range(1025)}),
            "boolean as version": index_is(v=True),
            "id in capitals": rows(lambda row: row.__setitem__(0, "AA" * 16)),
            "two rows of one id": duplicate_entry,
            "another path": rows(lambda row: row.__setitem__(1, "work/other")),
            "another user": rows(lambda row: row.__setitem__(2, "bob")),
            "hosts": rows(lambda row: row.__setitem__(3, [1])),
            "host of no url": rows(lambda row: row[3].append("a.example")),
            "a concealed user": value_is("f:username", ["c", "alice"]),
            "host of a concealed url": value_is("f:url", ["c", "https://github.com/login"]),
            "other tags": rows(lambda row: row.__setitem__(4, ["dev", "old"])),
            **{f"flag {bit}": flag(bit) for bit in (1, 2, 4, 8, 16, 256)},
            "another time": rows(lambda row: row.__setitem__(6, NOW - 1)),
            "short row": rows(list.pop),
        }
        for name, spoil in spoilers.items():
            with self.subTest(name):
                self.refused("index-invalid", vault_file(spoil))

    def test_an_appended_column_is_ignored(self) -> None:
        self.assertEqual(reader.read_vault(vault_file(rows(lambda row: row.append(None))), ex.TOKEN)["rev"], 7)

    def test_coverage(self) -> None:
        vault = ex.small_vault()
        index, records = reader.split_plaintext(vault.plaintext())

        def sealed(index: dict[str, Any], records: bytes) -> bytes:
            return ex.seal(ex.lay_out(ex.text(index), records), [TOKEN_PLAN])

        index, records = reader.split_plaintext(vault.plaintext())
        whole, moved, shared = (json.loads(index) for _ in range(3))
        for extent in (moved["root"], *moved["e"]):
            extent[0 if extent is moved["root"] else 1] += 1
        shared["e"][1][1:3] = shared["e"][0][1:3]
        self.refused("index-invalid", sealed(whole, records + b"x"))
        self.refused("index-invalid", sealed(whole, records[:-1]))
        self.refused("index-invalid", sealed(moved, b"x" + records))
        self.refused("index-invalid", sealed(shared, records))

    def test_records(self) -> None:
        spoilers: dict[str, Callable[[Vault], Any]] = {
            "root version": root_is(v=2),
            "three parents": root_is(parents=["00" * 32] * 3),
            "parent": root_is(parents=["00"]),
            "key epoch": root_is(keyEpoch=0),
            "slot book": root_is(r=[register("slot:" + "01" * 16, {"label": "a"})]),
            "time of creation": record_is(created=-1),
            "register twice": lambda vault: vault.entries[0][0]["r"].append(register("live", True)),
            "no sibling": record_is(r=[["live", []]]),
            "no path": record_is(r=[register("live", True)]),
            "sibling of five": record_is(r=[["live", [[True, REPLICA, 1, 1, 1]]]]),
            "replica": record_is(r=[["live", [[True, "x", 1, 1]]]]),
            "live": value_is("live", 1),
            "kind of a field": value_is("f:username", ["x", "alice"]),
            "base64": value_is("f:raw", ["C", "/w"]),
            "base64 of text": value_is("f:raw", ["C", "YQ=="]),
            "tag": value_is("t:dev", None),
            "date": value_is("m:expires", "2027-02-29"),
            "favourite": value_is("m:favourite", None),
            "use-only": value_is("m:use-only", None),
            "another id": rows(lambda row: row.__setitem__(0, "12" * 16)),
            "empty part": value_is("path", "work//github"),
            "control character": value_is("path", "work/\x7f"),
            "path not NFC": value_is("path", "a\u0308"),
            "history of no field": record_is(h=[["path", "x", REPLICA, 3, NOW]]),
            "recipe": value_is("m:recipe", 1),
        }
        for name, spoil in spoilers.items():
            with self.subTest(name):
                self.refused("record-invalid", vault_file(spoil))

    def test_key_history(self) -> None:
        item = [1, "ab" * 16, "cd" * 32]
        for history in [
            [],
            None,
            {},
            [1],
            [item[:2]],
            [[*item, 0]],
            [[0, *item[1:]]],
            [["1", *item[1:]]],
            [[1, "ab" * 15 + "a", "cd" * 32]],
            [[1, "AB" * 16, "cd" * 32]],
            [[1, "ab" * 16, "cd" * 31]],
            [item, [2]],
        ]:
            with self.subTest(history=history):
                self.refused("record-invalid", vault_file(root_is(keyHistory=history)))
        self.refused("record-invalid", vault_file(root_is(later=1, keyHistory=[item])))
        whole = reader.read_vault(vault_file(root_is(keyEpoch=2, keyHistory=[item], later=1)), ex.TOKEN)
        self.assertEqual((whole["keyEpoch"], whole["keyHistory"]), (2, [item]))

    def test_share(self) -> None:
        share = {"label": "ci", "created": NOW, "notAfter": None}
        for wrong in [None, [], {}, {**share, "notAfter": "never"}, {"created": NOW, "label": "ci", "notAfter": None}]:
            with self.subTest(share=wrong):
                self.refused("record-invalid", vault_file(root_is(share=wrong), 2))
        self.refused("record-invalid", vault_file(root_is(later=1, share=share), 2))
        item = [1, "ab" * 16, "cd" * 32]
        whole = reader.read_vault(vault_file(root_is(keyEpoch=2, keyHistory=[item], share=share), 2), ex.TOKEN)
        self.assertEqual(whole["share"], share)

    def test_rows_of_merged_entries(self) -> None:
        """What merging leaves is no conflict, or no tombstone, and then the row has to say so."""
        tombstone = {"m:purged": (True,), "live": (False,)}
        everything = {key: (None,) for key in ("f:username", "f:password", "f:url", "f:otp", "f:raw")}
        for flags, registers in [
            (16, {"f:password": (["c", "x"], ["c", "x"])}),
            (16, {"live": (True, False), "f:password": (["c", "x"],)}),
            (16, {"m:purged": (True, False), "f:password": (["c", "x"],)}),
            (2, {**tombstone}),
            (2, {**tombstone, **everything, "f:raw": (["p", "x"], None)}),
        ]:

            def spoil(vault: Vault) -> None:
                set_registers(vault, registers)
                vault.entries[0][1][5] |= flags

            with self.subTest(registers=registers):
                self.refused("index-invalid", vault_file(spoil))

    def test_operation_log(self) -> None:
        entry = "11" * 16
        history = ["f:a", ["p", "a"], REPLICA, 1, NOW]
        part = {"part": [1, 2]}, {"part": [2, 2]}
        spoilers: dict[str, Callable[[Vault], Any]] = {
            "version": log_is({"v": 2}),
            "boolean as version": log_is({"v": True}),
            "stamp without clock": log_is({"op": [REPLICA, 7]}),
            "stamp with more": log_is({"op": [REPLICA, 7, NOW, 0]}),
            "save 0": log_is({"op": [REPLICA, 0, NOW]}),
            "replica": log_is({"op": ["x", 7, NOW]}),
            "command": log_is({"by": None}),
            "kind": log_is({"kind": "undo"}),
            "kind as a list": log_is({"kind": []}),
            "count": log_is({"count": True}),
            "part 0": log_is({"part": [0, 1]}),
            "part 2 of 1": log_is({"part": [2, 1]}),
            "part of three": log_is({"part": [1, 1, 1]}),
            "part alone": log_is({"part": [1]}),
            "entries": log_is({"e": {}}),
            "entry": log_is({"e": [entry]}),
            "entry of three": image_is(entry, "a", []),
            "entry of five": image_is(entry, "a", [], 0, 0),
            "id": image_is(entry[1:], "a", [], 0),
            "path": image_is(entry, None, [], 0),
            "registers": image_is(entry, "a", {}, 0),
            "history": image_is(entry, "a", [], "0"),
            "history item": image_is(entry, "a", [], [history[:4]]),
            "history item of an unknown kind": image_is(entry, "a", [], [["f:a", ["q", "a"], *history[2:]]]),
            "register": registers_are("path"),
            "register without values": registers_are(["path"]),
            "register with more": registers_are(["path", [], 0]),
            "key": registers_are([1, []]),
            "values": registers_are(["path", {}]),
            "value": registers_are(["f:a", [["q", "a"]]]),
            "value in a bare one": registers_are(["path", ["a"]], kind="bare"),
            "history in a barrier": image_is(entry, "a", [], 1, kind="barrier"),
            "list as a history in a merged one": image_is(entry, "a", [], [], kind="merged"),
            "first part alone": log_is(part[0]),
            "first part twice": log_is(part[0], part[0]),
            "second part twice": log_is(*part, part[1]),
            "second part behind the whole": log_is({}, part[1]),
            "a part left out": log_is({"part": [1, 3]}, {"part": [3, 3]}),
            "parts of two and three": log_is(part[0], {"part": [2, 3]}),
            "parts of two saves": log_is(part[0], {"op": [REPLICA, 8, NOW], "part": [2, 2]}),
            "parts of two commands": log_is(part[0], {"by": "mv", "part": [2, 2]}),
            "parts of two kinds": log_is(part[0], {"kind": "bare", "e": [], "part": [2, 2]}),
            "parts of two counts": log_is(part[0], {"count": 2, "part": [2, 2]}),
            "not JSON": lambda vault: setattr(vault, "log", (b"log",)),
        }
        for name, spoil in spoilers.items():
            with self.subTest(name):
                self.refused("record-invalid", vault_file(spoil))
        self.refused("index-invalid", vault_file(lambda vault: setattr(vault, "log", (b"",))))


class Json(unittest.TestCase):
    """Section 6.2."""

    def test_the_one_text_is_read(self) -> None:
        for text in [
            '{"a":"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\\ud800/\u007f\u2028\U0001f600"}',
            '{"a":9007199254740991,"b":[true,false,null,0]}',
            '{"a":{"1":0,"2":0,"b":0,"a":0,"01":0,"4294967295":0}}',
            json.dumps({"a": nested(15)}, separators=(",", ":")),
        ]:
            with self.subTest(text):
                self.assertEqual(list(plaintext.parse_json(text.encode(), ["a"], "x")), list(json.loads(text)))

    def test_any_other_text_is_refused(self) -> None:
        for text in [
            '{"a":1} ',
            '{"a": 1}',
            '\ufeff{"a":1}',
            '{"a":1.0}',
            '{"a":1e3}',
            '{"a":-1}',
            '{"a":-0}',
            '{"a":01}',
            '{"a":9007199254740992}',
            '{"a":NaN}',
            '{"a":"\\/"}',
            '{"a":"\\u00e9"}',
            '{"a":"\\uD800"}',
            '{"a":"\\u000a"}',
            '{"a":"\\ud83d\\ude00"}',
            '{"a":"\n"}',
            '{"a":1,"a":1}',
            '{"a":1,"__proto__":1}',
            '{"a":{"constructor":1}}',
            '{"a":{"prototype":1}}',
            '{"a":{"b":0,"1":0}}',
            '{"1":0,"a":1}',
            '{"b":0,"a":1}',
            "[]",
            "",
            '{"a":' + "9" * 5000 + "}",
            '{"a":' + "[" * 100000,
            json.dumps({"a": nested(16)}, separators=(",", ":")),
        ]:
            with self.subTest(text[:40]), self.assertRaisesRegex(FormatError, "^x$"):
                plaintext.parse_json(text.encode("utf-8", "surrogatepass"), ["a"], "x")

    def test_bytes_that_are_not_utf8_are_refused(self) -> None:
        for raw in (b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}'):
            with self.assertRaisesRegex(FormatError, "^x$"):
                plaintext.parse_json(raw, ["a"], "x")


if __name__ == "__main__":
    unittest.main()
