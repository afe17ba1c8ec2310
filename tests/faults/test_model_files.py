"""Files that are no model, or a broken one: each is refused with a sentence that names what is wrong."""

from __future__ import annotations

import os
import random
import socket
import struct
import tracemalloc
from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.gguf.reader import HeaderReader
from localr1.library.chat_model import read_chat_model
from localr1.library.describe import Description, describe
from localr1.library.library import Library
from tests.gguf_files import ARRAY, STRING, U32, Gguf, Tensor, f32, model_values, string, strings, text, u32

pytestmark = pytest.mark.timeout(10)
"""Each case has a second; what is not bounded takes for ever."""

UNREADABLE = Path("/proc/self/mem")
BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as error:
        check_header(read_header(path))
    assert error.value.exit_code == 3
    return error.value.message


def refusal_of(data: bytes, tmp_path: Path) -> str:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    return refusal(path)


def with_value(key: str, value: bytes) -> bytes:
    return Gguf(values={**model_values(), key: value}).whole()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "m.gguf is incomplete: it is empty."),
        (b"GGU", "m.gguf is incomplete: it ends inside its header, after 3 bytes."),
        (b"GGUF", "m.gguf is incomplete: it ends inside its header, after 4 bytes."),
    ],
)
def test_a_file_that_has_hardly_begun_is_incomplete(data: bytes, sentence: str, tmp_path: Path) -> None:
    assert refusal_of(data, tmp_path) == sentence


def test_a_file_cut_at_any_byte_is_refused_as_incomplete(tmp_path: Path) -> None:
    model = Gguf()
    path = model.write(tmp_path / "m.gguf")
    for end in reversed(range(1, len(model.whole()))):
        os.truncate(path, end)
        assert ("is incomplete" if end < len(model.header()) else "is cut short") in refusal(path), end


def test_a_model_cut_short_tells_how_much_of_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "qwen-1.5b.gguf"
    path.write_bytes(Gguf(tensors=[Tensor(shape=(1000, 280_000))]).header())
    os.truncate(path, 812_000_000)
    assert refusal(path) == "qwen-1.5b.gguf is cut short: 812 MB of 1.12 GB."


def test_a_model_that_lacks_its_last_byte_is_told_to_the_byte(tmp_path: Path) -> None:
    data = Gguf().whole()
    assert refusal_of(data[:-1], tmp_path).endswith(f"{len(data) - 1:,} of {len(data):,} bytes.")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04 archive", "a zip archive"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"<!DOCTYPE html>\n<title>Sign in</title>", "a web page"),
        (b"\xef\xbb\xbf\n  <HTML>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "a Git LFS pointer"),
        (struct.pack("<Q", 40) + b'{"__metadata__":{}}', "a safetensors file"),
        (b'{"error": "not found"}', "a JSON file"),
        (b"tjgg\x03\0\0\0", "a model from before the GGUF format"),
        (bytes(100), "a file of zeros"),
        (b"Entry not found", "a text"),
        ("Zugriff verweigert: für dieses Modell ist eine Anmeldung nötig".encode(), "a text"),
        (b"\x1b]0;title\x07", "a file of another kind"),
        (b"\xff\xfe\x00", "a file of another kind"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(data: bytes, kind: str, tmp_path: Path) -> None:
    assert refusal_of(data, tmp_path) == f"m.gguf is {kind}, not a GGUF model."


@pytest.mark.parametrize("version", [0, 1, 4, 2**16 - 1])
def test_a_version_that_nobody_reads_is_named(version: int, tmp_path: Path) -> None:
    assert f"GGUF file of version {version};" in refusal_of(Gguf(version=version).whole(), tmp_path)


def test_a_big_endian_file_is_called_so(tmp_path: Path) -> None:
    assert "for big-endian machines" in refusal_of(b"GGUF" + struct.pack(">I", 3) + bytes(100), tmp_path)


@pytest.mark.parametrize("count", [-1, 2**40, 2**63 - 1])
def test_impossible_counts_are_refused(count: int, tmp_path: Path) -> None:
    assert f"claims to hold {count:,} tensors" in refusal_of(Gguf(tensor_count=count).whole(), tmp_path)
    assert f"claims to hold {count:,} values" in refusal_of(Gguf(value_count=count).whole(), tmp_path)


@pytest.mark.parametrize("length", [0, 2**30, 2**63])
def test_impossible_lengths_of_names_are_refused(length: int, tmp_path: Path) -> None:
    start = b"GGUF" + struct.pack("<Iqq", 3, 0, 1)
    assert "m.gguf is damaged" in refusal_of(start + struct.pack("<Q", length) + bytes(50), tmp_path)


@pytest.mark.parametrize("count", [2**26, 2**40, 2**64 - 1])
@pytest.mark.parametrize("kind", [U32, STRING])
@pytest.mark.parametrize("key", ["any", "tokenizer.ggml.tokens"])
def test_a_claim_beyond_the_limits_costs_no_memory(key: str, kind: int, count: int, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    array = struct.pack("<IIQ", ARRAY, kind, count)
    path.write_bytes(b"GGUF" + struct.pack("<Iqq", 3, 0, 1) + text(key) + array)
    os.truncate(path, 10**12)
    tracemalloc.start()
    refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("start", [struct.pack("<I", STRING), struct.pack("<IIQ", ARRAY, STRING, 1)])
def test_a_text_that_claims_a_huge_file_is_refused_unread(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<Iqq", 3, 0, 1) + text("a") + start + struct.pack("<Q", 10**11))
    os.truncate(path, 10**12)
    assert "header claims to be larger than 134 MB" in refusal(path)


def test_a_text_that_is_not_there_costs_no_memory(tmp_path: Path) -> None:
    data = Gguf(values={"a": strings([])}, tensors=[]).header()
    claim = data[:-8] + struct.pack("<QQ", 1, 100_000_000)
    tracemalloc.start()
    assert "is incomplete" in refusal_of(claim, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_vocabulary_larger_than_any_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    array = text("tokenizer.ggml.tokens") + struct.pack("<IIQ", ARRAY, STRING, 2**20 + 1)
    path.write_bytes(b"GGUF" + struct.pack("<Iqq", 3, 0, 1) + array)
    os.truncate(path, 10**9)
    assert "claims to hold 1,048,577 tokens" in refusal(path)


@pytest.mark.parametrize("missing", [1, 5, 12])
def test_a_file_that_ends_inside_its_last_list_of_texts_is_incomplete(missing: int, tmp_path: Path) -> None:
    data = Gguf(values={"a": strings(["long enough"] * 2)}, tensors=[]).header()
    assert "is incomplete" in refusal_of(data[:-missing], tmp_path)


@pytest.mark.parametrize("value", [u32(1), string("text"), strings(["a", "b"])])
def test_a_file_that_shrinks_while_it_is_read_is_incomplete(value: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(value)
    with path.open("rb", buffering=0) as file:
        reader = HeaderReader(file, "m.gguf")
        os.truncate(path, len(value) - 1)
        with pytest.raises(ModelFileError, match="is incomplete"):
            reader.value(reader.number("I"))


@pytest.mark.parametrize(
    "value", [struct.pack("<I", 13), struct.pack("<IIQ", ARRAY, ARRAY, 1), struct.pack("<IIQ", ARRAY, 99, 1)]
)
def test_values_of_unknown_types_are_refused(value: bytes, tmp_path: Path) -> None:
    assert "of an unknown type" in refusal_of(with_value("a", value), tmp_path)


def test_a_vocabulary_of_numbers_is_refused(tmp_path: Path) -> None:
    array = struct.pack("<IIQI", ARRAY, U32, 1, 0)
    assert "no list of tokens" in refusal_of(with_value("tokenizer.ggml.tokens", array), tmp_path)


def test_two_values_of_one_name_are_refused(tmp_path: Path) -> None:
    header = Gguf(values={"a": u32(1), "b": u32(2)}).whole().replace(text("b"), text("a"))
    assert "two values of the name a" in refusal_of(header, tmp_path)


@pytest.mark.parametrize("alignment", [u32(0), u32(33), string("32")])
def test_an_alignment_that_is_no_power_of_two_is_refused(alignment: bytes, tmp_path: Path) -> None:
    assert "alignment is no power of two" in refusal_of(with_value("general.alignment", alignment), tmp_path)


@pytest.mark.parametrize(
    ("tensor", "problem"),
    [
        (Tensor(shape=(64, -1)), "an impossible shape"),
        (Tensor(shape=(2**32, 2**32)), "an impossible shape"),
        (Tensor(shape=(2, 2, 2, 2, 2)), "5 dimensions"),
        (Tensor(type=4), "type 4, which this localr1 does not know"),
        (Tensor(type=2**31), "type 2147483648, which this localr1 does not know"),
        (Tensor(shape=(33,), type=2), "no whole number of blocks"),
        (Tensor(offset=32), "not where the one before it ends"),
        (Tensor(offset=2**64 - 1), "not where the one before it ends"),
        (Tensor(name="n" * 64), "a name of more than 63 bytes"),
        (Tensor(name="output_norm.weight"), "two tensors of the name output_norm.weight"),
    ],
)
def test_tensors_that_cannot_be_are_refused(tensor: Tensor, problem: str, tmp_path: Path) -> None:
    file = Gguf(tensors=[Tensor("output_norm.weight", (64,)), tensor])
    assert problem in refusal_of(file.header() + bytes(1000), tmp_path)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"qwen2.block_count": u32(0)}, "0 layers"),
        ({"qwen2.block_count": u32(513)}, "513 layers"),
        ({"qwen2.block_count": u32(2**31 - 1)}, "2,147,483,647 layers"),
        ({"qwen2.block_count": u32(2**32 - 1)}, "4,294,967,295 layers"),
        ({"qwen2.expert_count": u32(2**31), "qwen2.expert_used_count": u32(2)}, "2,147,483,648 experts"),
        ({"qwen2.expert_count": u32(8), "qwen2.expert_used_count": u32(9)}, "uses 9 of its 8 experts"),
        ({"qwen2.expert_count": u32(8)}, "uses 0 of its 8 experts"),
        ({"qwen2.expert_used_count": u32(2)}, "uses 2 of its 0 experts"),
        ({"qwen2.attention.key_length": u32(0)}, "its heads are 0 numbers wide"),
        ({"qwen2.attention.key_length": u32(7)}, "its heads are 7 numbers wide"),
        ({"qwen2.rope.dimension_count": u32(7)}, "turns 7 of the 16 numbers of a head"),
        ({"qwen2.rope.dimension_count": u32(2**31)}, "turns 2,147,483,648 of the 16 numbers of a head"),
        ({"qwen2.rope.scaling.type": string("su")}, "scales positions in an unknown way, su"),
        ({"qwen2.attention.layer_norm_rms_epsilon": f32(float("nan"))}, "an epsilon of nan"),
        ({"qwen2.attention.layer_norm_rms_epsilon": f32(-1.0)}, "an epsilon of -1.0"),
        ({"tokenizer.ggml.model": string("bert")}, "its tokenizer, bert, is not"),
        ({"tokenizer.ggml.model": string("rwkv")}, "its tokenizer, rwkv, is not"),
        ({"tokenizer.ggml.model": string("llama")}, "lacks byte tokens, 256 of 256"),
        ({"tokenizer.ggml.tokens": strings(["a"])}, "a single token"),
        ({"tokenizer.ggml.tokens": strings(["a", "b", "b", "b"])}, "lists tokens twice, 2 in all"),
    ],
)
def test_headers_known_to_end_the_engine_are_refused(
    changed: dict[str, bytes], problem: str, tmp_path: Path
) -> None:
    message = refusal_of(Gguf(values={**model_values(), **changed}).whole(), tmp_path)
    assert message.startswith("m.gguf can't be loaded: ")
    assert problem in message


def test_an_alignment_too_small_for_llama_cpp_is_refused(tmp_path: Path) -> None:
    file = Gguf(values={**model_values(), "general.alignment": u32(8)}, alignment=8)
    assert "aligns its tensors to 8 bytes" in refusal_of(file.whole(), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"qwen2.block_count": u32(512)},
        {"qwen2.expert_count": u32(1024), "qwen2.expert_used_count": u32(8)},
        {"qwen2.rope.scaling.type": string("yarn")},
        {"qwen2.attention.key_length": u32(128), "qwen2.rope.dimension_count": u32(64)},
        {"qwen2.attention.layer_norm_rms_epsilon": f32(0.0)},
        {"tokenizer.ggml.model": string("llama"), "tokenizer.ggml.tokens": strings(BYTE_TOKENS)},
        {"general.architecture": string("rwkv7"), "tokenizer.ggml.model": string("rwkv")},
    ],
)
def test_headers_that_llama_cpp_can_bear_pass(changed: dict[str, bytes], tmp_path: Path) -> None:
    check_header(read_header(Gguf(values={**model_values(), **changed}).write(tmp_path / "m.gguf")))


@pytest.mark.parametrize("seed", range(300))
def test_a_mutated_header_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(Gguf().whole())
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(4, len(data))] = chance.choice(
            [0, 1, 8, 9, 0x7F, 0x80, 0xFF, chance.randrange(256)]
        )
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    try:
        check_header(read_header(path))
    except ModelFileError as error:
        assert error.message.startswith("m.gguf ")


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    (tmp_path / "loop.gguf").symlink_to(tmp_path / "loop.gguf")
    (tmp_path / "folder.gguf").mkdir()
    assert refusal(tmp_path / "pipe.gguf").endswith("pipe.gguf is a named pipe, not a file.")
    assert refusal(tmp_path / "loop.gguf").endswith("loop.gguf is a link that leads back to itself.")
    assert refusal(tmp_path / "folder.gguf").endswith("folder.gguf is a directory, not a file.")
    assert refusal(Path("/dev/zero")) == "/dev/zero is a device, not a file."


@pytest.mark.skipif(not UNREADABLE.exists(), reason="only Linux has a file that can be opened and not read")
def test_a_file_that_the_disk_cannot_read_is_refused() -> None:
    assert refusal(UNREADABLE) == "/proc/self/mem can't be read: Invalid argument."


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.gguf")
        assert refusal(Path("s.gguf")) == "s.gguf is a socket, not a file."


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = Gguf().write(tmp_path / "m.gguf")
    path.chmod(0)
    return path


def test_a_file_that_may_not_be_read_is_refused_so(locked: Path, unprivileged: None) -> None:
    assert refusal(locked) == f"{locked} may not be read by you."


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "n" * 5000, "a/" * 3000])
def test_a_path_that_cannot_exist_is_refused(name: str, tmp_path: Path) -> None:
    message = refusal(tmp_path / name)
    assert "can't be the name of a file" in message or "too long" in message


def test_a_name_that_is_not_text_is_refused_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"m\xff\x1b[31m.gguf")
    path.write_bytes(b"PK\x03\x04")
    assert refusal(path) == f"{path.name} is a zip archive, not a GGUF model."


def shown(path: Path) -> Description:
    """What `localr1 models show PATH` tells."""
    model = Library(load_catalog, path.parent / "models").look_up(str(path))
    return describe(read_chat_model(model.path))


def test_a_model_can_be_shown_by_its_path(tmp_path: Path) -> None:
    assert shown(Gguf().write(tmp_path / "m.gguf")).title == "Tiny"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "m.gguf is incomplete: it is empty."),
        (Gguf().whole()[:-1], "m.gguf is cut short"),
        (b"PK\x03\x04", "m.gguf is a zip archive"),
        (Gguf(version=4).whole(), "m.gguf is a GGUF file of version 4"),
        (Gguf(tensor_count=2**63 - 1).whole(), "m.gguf is damaged: it claims to hold"),
        (with_value("qwen2.block_count", u32(0)), "m.gguf can't be loaded: it states 0 layers"),
        (
            with_value("tokenizer.chat_template", string("")),
            "m.gguf is no chat model: it has no chat template",
        ),
    ],
)
def test_what_can_not_be_shown_says_why(data: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelFileError) as error:
        shown(path)
    assert error.value.message.startswith(sentence)


def test_what_is_no_file_is_not_waited_for_by_its_name_either(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    (tmp_path / "loop.gguf").symlink_to(tmp_path / "loop.gguf")
    (tmp_path / "folder.gguf").mkdir()
    for name in ("pipe.gguf", "loop.gguf", "folder.gguf", "absent.gguf"):
        with pytest.raises(ModelFileError):
            shown(tmp_path / name)


def test_missing_parts_of_a_split_model_are_named(tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "Big-00002-of-00003.gguf")
    with pytest.raises(ModelFileError) as error:
        shown(path)
    assert "there is no Big-00001-of-00003.gguf, Big-00003-of-00003.gguf" in error.value.message
