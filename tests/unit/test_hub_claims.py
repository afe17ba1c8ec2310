"""What a hub states becomes part of paths and addresses only when it is plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.errors import DownloadError
from localr1.hub.claims import (
    SAID_LIMIT,
    checked_commit,
    checked_path,
    checked_repo,
    checked_sha256,
    checked_size,
    is_model_path,
    said,
)

SHA256 = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "path",
    [
        "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf",
        "Q8_0/Model-00001-of-00003.gguf",
        "a b+c (1), d=e @f.gguf",
        "UPPER.GGUF",
        "模型/модель-é-Q4_K_M.gguf",
        "x" * 195 + ".gguf",
    ],
)
def test_plain_names_are_taken(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".gguf",
        "x",
        "x.gguf.exe",
        "../x.gguf",
        "a/../../x.gguf",
        "/etc/x.gguf",
        "a//x.gguf",
        "./x.gguf",
        ".hidden/x.gguf",
        "~/x.gguf",
        "-x.gguf",
        "a /x.gguf",
        "a./x.gguf",
        "C:\\x.gguf",
        "C:x.gguf",
        "a\\x.gguf",
        "x\0.gguf",
        "x\n.gguf",
        "x.gguf\n",
        "x\x1b[31m.gguf",
        "x\u202e.gguf",
        "x\ud800.gguf",
        "e\u0301.gguf",
        "模" * 70 + ".gguf",
        "$(x).gguf",
        "%2e%2e/x.gguf",
        "x" * 300 + ".gguf",
        "a/" * 200 + "x.gguf",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(DownloadError) as refused:
        checked_path(path)
    assert "\x1b" not in refused.value.message
    assert len(refused.value.message) < 300


@given(st.text())
def test_no_name_that_is_taken_leaves_its_folder(name: str) -> None:
    path = f"{name}.gguf"
    if is_model_path(path):
        assert path.isprintable()
        assert not any(part in ("", ".", "..") for part in path.split("/"))


@pytest.mark.parametrize("text", [SHA256, f'"{SHA256}"', f'W/"{SHA256}"', SHA256.upper()])
def test_a_hash_is_taken_as_servers_write_it(text: str) -> None:
    assert checked_sha256(text) == SHA256


@pytest.mark.parametrize(
    "text", ["", '""', SHA256[1:], SHA256 + "0", "../" + SHA256[3:], "g" * 64, SHA256 + "\n"]
)
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(DownloadError):
        checked_sha256(text)


@pytest.mark.parametrize(
    "text", ["", "main", "a" * 39, "a" * 41, "A" * 40, "../" + "a" * 37, "a" * 39 + "\x1b"]
)
def test_what_is_no_commit_is_refused(text: str) -> None:
    with pytest.raises(DownloadError):
        checked_commit(text)


@pytest.mark.parametrize("text", ["owner", "a/b/c", "../b", "a/..", "a/b\n", "a b/c", "", "a" * 97 + "/b"])
def test_what_is_no_repository_is_refused(text: str) -> None:
    with pytest.raises(DownloadError):
        checked_repo(text)


@pytest.mark.parametrize(
    "value",
    [0, -1, 10**12, "", "-1", "0", "1e9", "٣", "9" * 5000, "1_000"],
    ids=lambda value: repr(value)[:12],
)
def test_what_is_no_size_of_a_model_is_refused(value: int | str) -> None:
    with pytest.raises(DownloadError):
        checked_size(value)


def test_a_size_is_taken_as_number_and_as_header() -> None:
    assert checked_size(1_117_320_576) == checked_size("1117320576") == 1_117_320_576


@given(st.text(max_size=1000))
def test_words_of_a_server_are_one_short_line_without_controls(text: str) -> None:
    line = said(text)
    assert len(line) <= SAID_LIMIT + 1
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in line)
