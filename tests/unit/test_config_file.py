from __future__ import annotations

import stat
from pathlib import Path

import pytest

from localr1.config_file import set_chat_template, set_setting
from localr1.config_sources import load_config
from localr1.errors import ConfigError

WRITTEN = """# My machine is small.
context = 2048   # enough

theme = "nord"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())


def test_a_new_file_holds_the_setting_and_belongs_to_its_owner_alone(file: Path) -> None:
    set_setting(file, "model", "qwen-1.5b")
    assert load_config(file, {}).model == "qwen-1.5b"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_a_person_wrote_stays_word_for_word(file: Path) -> None:
    write(file, WRITTEN)
    set_setting(file, "model", "qwen-1.5b")
    assert file.read_text() == WRITTEN + 'model = "qwen-1.5b"\n'


def test_a_setting_that_is_there_changes_in_its_place(file: Path) -> None:
    write(file, WRITTEN)
    set_setting(file, "context", 4096)
    assert file.read_text() == WRITTEN.replace("2048", "4096")


def test_the_rights_of_a_file_that_is_there_stay(file: Path) -> None:
    write(file, WRITTEN)
    file.chmod(0o640)
    set_setting(file, "context", 4096)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_line_ends_of_another_system_stay(file: Path) -> None:
    write(file, WRITTEN.replace("\n", "\r\n"))
    set_setting(file, "context", 4096)
    assert file.read_bytes() == WRITTEN.replace("2048", "4096").replace("\n", "\r\n").encode()


def test_a_link_is_followed_and_stays_a_link(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.write_text(WRITTEN)
    file.parent.mkdir()
    file.symlink_to(kept)
    set_setting(file, "context", 4096)
    assert file.is_symlink()
    assert "4096" in kept.read_text()


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("context = ", "model", "nano"),
        ('context = "much"', "model", "nano"),
        (WRITTEN, "context", -1),
        (WRITTEN, "no_such_setting", 1),
        ("context = 1\ncontext = 2\n", "model", "nano"),
    ],
    ids=["syntax", "type", "range", "name", "duplicate"],
)
def test_what_cannot_be_used_leaves_the_file_as_it_is(
    file: Path, text: str, name: str, value: str | int
) -> None:
    write(file, text)
    with pytest.raises(ConfigError):
        set_setting(file, name, value)
    assert file.read_text() == text
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_a_folder_in_its_place_is_named(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"config\.toml is a directory"):
        set_setting(file, "model", "nano")


def test_the_chat_template_of_a_model_is_remembered_beside_everything_else(file: Path) -> None:
    write(file, WRITTEN)
    set_chat_template(file, "my model.v2", "chatml")
    set_chat_template(file, "other", "phi")
    set_chat_template(file, "my model.v2", "llama-3")
    config = load_config(file, {})
    assert config.chat_templates == {"my model.v2": "llama-3", "other": "phi"}
    assert file.read_text().startswith(WRITTEN)
    assert (config.context, config.theme) == (2048, "nord")


def test_a_setting_is_written_before_the_tables(file: Path) -> None:
    write(file, "[chat_templates]\nmine = 'phi'\n")
    set_setting(file, "model", "mine")
    assert load_config(file, {}).model == "mine"
