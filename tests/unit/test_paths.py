"""Where things are kept, and who may read them."""

from __future__ import annotations

import os
import pwd
import stat
import sys
from pathlib import Path

import pytest

from localr1.errors import ConfigError
from localr1.paths import Paths, bundled, find_paths, make_private_directory

LINUX = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has directories of its own")


def directories(paths: Paths) -> list[str]:
    return [str(path) for path in (paths.config, paths.data, paths.cache, paths.state)]


def test_localr1_home_moves_everything(tmp_path: Path) -> None:
    home = tmp_path / "🐳 home"
    paths = find_paths({"LOCALR1_HOME": str(home), "HOME": "/nowhere", "XDG_DATA_HOME": "/nowhere"})
    assert directories(paths) == [str(home / name) for name in ("config", "data", "cache", "state")]
    for file in (paths.config_file, paths.database, paths.models, paths.engine_log):
        assert file.is_relative_to(home)


def test_localr1_home_may_be_relative_and_may_begin_with_a_tilde() -> None:
    assert find_paths({"LOCALR1_HOME": "here"}).data == Path.cwd() / "here" / "data"
    assert find_paths({"LOCALR1_HOME": "~/there"}).data == Path.home() / "there" / "data"


@LINUX
def test_the_xdg_directories_are_used() -> None:
    env = {"HOME": "/home/x", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/e"}
    assert directories(find_paths(env)) == [
        "/c/localr1",
        "/d/localr1",
        "/e/localr1",
        "/home/x/.local/state/localr1",
    ]


@LINUX
@pytest.mark.parametrize("value", ["", "relative/path", "."])
def test_an_xdg_directory_that_is_not_absolute_is_ignored(value: str) -> None:
    assert find_paths({"HOME": "/home/x", "XDG_DATA_HOME": value}).data == Path(
        "/home/x/.local/share/localr1"
    )


@LINUX
@pytest.mark.parametrize("env", [{}, {"HOME": ""}])
def test_without_home_the_systems_own_record_of_the_user_is_asked(env: dict[str, str]) -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir
    assert find_paths(env).data == Path(home) / ".local/share/localr1"


def test_a_home_of_somebody_who_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        find_paths({"LOCALR1_HOME": "~nobody-of-that-name/x"})
    assert "LOCALR1_HOME" in refused.value.message


def test_nothing_is_created_by_looking(tmp_path: Path) -> None:
    find_paths({"LOCALR1_HOME": str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_a_private_directory_is_private_whatever_the_umask_says(tmp_path: Path, mask: int) -> None:
    previous = os.umask(mask)
    try:
        make_private_directory(tmp_path / "a" / "b")
    finally:
        os.umask(previous)
    for directory in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_directories_that_were_there_keep_their_rights(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    make_private_directory(there / "new")
    make_private_directory(there / "new")
    assert stat.S_IMODE(there.stat().st_mode) == 0o755


def test_what_ships_inside_the_package_is_there() -> None:
    assert bundled("models.toml").is_file()
