"""`localr1 doctor --privacy`: every file with its rights, and every server that is ever asked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from localr1.cli.privacy.inventory import UNKNOWN, inventory
from localr1.cli.privacy.kinds import kinds
from localr1.cli.privacy.lines import report_lines
from localr1.cli.privacy.report import all_kinds, report
from localr1.config import Config
from localr1.paths import Paths, bundled, find_paths
from localr1.saved_states import SavedStates
from tests.cli.program import localr1, text
from tests.tui.chatting import store

QUESTION = ("ask", "--temperature", "0", "What is 47 + 85?")


@pytest.fixture
def paths(home: Path) -> Paths:
    return find_paths({"LOCALR1_HOME": str(home)})


def lines_of(paths: Paths, config: Config | None = None, proxies: Mapping[str, str] | None = None) -> str:
    return "\n".join(report_lines(report(paths, config or Config(), proxies or {}), all_kinds(paths)))


def reported(*options: str) -> dict[str, Any]:
    done = localr1("doctor", "--privacy", "--json", *options)
    assert done.returncode == 0, text(done.stderr)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def write(path: Path, rights: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    path.chmod(rights)
    return path


def test_every_file_of_a_home_that_was_used_is_listed_and_private(home: Path, tmp_path: Path) -> None:
    key = write(tmp_path / "key", 0o600)
    key.write_text("five random words of mine")
    model = write(tmp_path / "mine.gguf", 0o600)
    model.write_bytes(bundled("nano.gguf").read_bytes() + bytes(64))
    for command in (
        QUESTION,
        ("chats", "backup"),
        ("models", "import", str(model), "--copy"),
        ("models", "list"),
        ("models", "use", "nano"),
        ("lock", "--key-file", str(key)),
    ):
        assert localr1(*command).returncode == 0
    said = reported()
    listed = {item["path"]: item for item in said["files"] if item["path"].startswith(str(home))}
    assert {*map(str, home.rglob("*"))} == set(listed)
    assert [item for item in listed.values() if item["kind"] == UNKNOWN or not item["private"]] == []
    kinds_there = {item["kind"] for item in listed.values()}
    assert {"chats", "key", "settings", "models", "records", "engine log"} <= kinds_there
    assert said["encryption"] == "on"
    assert said["deleted"] is None


def test_what_was_evaluated_of_chats_is_known_for_what_it_is(paths: Paths) -> None:
    file = write(SavedStates(paths.saved_states).place(1, "a model"), 0o600)
    [item] = [item for item in inventory(paths) if item.path == file]
    assert item.kind == "states"


def test_each_kind_of_file_is_known_by_its_name(paths: Paths) -> None:
    wanted = {
        write(kind.root / pattern.replace("*", "x"), 0o600): kind.name
        for kind in kinds(paths)
        for pattern in kind.patterns
    }
    found = {item.path: item.kind for item in inventory(paths)}
    assert {path: found[path] for path in wanted} == wanted


def test_what_others_may_read_is_said_and_mended(paths: Paths) -> None:
    wide = write(paths.config_file, 0o644)
    foreign = write(paths.config / "notes.txt", 0o640)
    said = lines_of(paths)
    assert f"0644    chmod go-rwx {wide}" in said
    assert f"0640    chmod go-rwx {foreign}" in said
    shared = [item["path"] for item in reported("--fix")["files"] if not item["private"]]
    assert shared == [str(foreign)]
    assert wide.stat().st_mode & 0o777 == 0o600
    assert "chmod" not in lines_of(paths).replace(f"chmod go-rwx {foreign}", "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_that_belongs_to_somebody_else_is_not_private(paths: Paths) -> None:
    os.chown(write(paths.config_file, 0o600), 65534, -1)
    assert [item.private for item in inventory(paths) if item.path == paths.config_file] == [False]


def test_links_are_listed_and_not_followed(paths: Paths, tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere" / "secret.gguf", 0o644)
    paths.models.mkdir(parents=True)
    (paths.models / "linked.gguf").symlink_to(elsewhere)
    (paths.models / "folder").symlink_to(elsewhere.parent)
    items = {item.path: item for item in inventory(paths)}
    assert items[paths.models / "linked.gguf"].link
    assert paths.models / "folder" / "secret.gguf" not in items
    assert lines_of(paths).count("secret") == 0


def test_chats_behind_a_link_are_reported_where_they_lie_and_nothing_else_there(
    paths: Paths, tmp_path: Path
) -> None:
    real = write(tmp_path / "disk [1]" / "my chats.db", 0o604)
    key = write(real.with_name("my chats.db.key"), 0o600)
    other = write(real.with_name("letter.txt"), 0o644)
    paths.data.mkdir(parents=True)
    paths.database.symlink_to(real)
    items = {item.path: item for item in inventory(paths)}
    assert (items[real].kind, items[real].private) == ("chats", False)
    assert items[key].kind == "key"
    assert items[paths.database].kind == "link"
    assert other not in items


def test_what_may_come_is_named_before_it_is_there(paths: Paths) -> None:
    absent = report(paths, Config(), {}).absent
    assert {kind.place for kind in all_kinds(paths)} == set(absent)
    assert paths.database in absent
    assert not paths.data.exists()


def test_deleted_chats_that_can_come_back_are_counted(home: Path, paths: Paths) -> None:
    with store(home) as chats:
        chats.deletions.add(chats.create(title="gone").id)
    assert report(paths, Config(), {}).deleted == 1
    with store(home) as chats:
        chats.deletions.erase()
    assert "Deleted chats that can still come back: 0." in lines_of(paths)


def test_a_store_that_is_damaged_is_reported_on_all_the_same(paths: Paths) -> None:
    write(paths.database, 0o600)
    assert "whether there is one can't be seen" in lines_of(paths)


def test_the_network_is_a_list_of_servers_and_of_what_asks_them(paths: Paths) -> None:
    proxies = {"https": "http://me:secret@proxy.example:3128", "no": "intern.example"}
    said = lines_of(paths, Config(endpoint="https://mirror.example"), proxies)
    assert "hub: https://mirror.example" in said
    assert "proxy: proxy.example:3128" in said
    assert "secret" not in said
    assert "intern.example" not in said
    assert re.findall(r"^  localr1 .*$", said, re.MULTILINE) == [
        "  localr1 pull",
        "  localr1 models search",
        "  localr1 models show hf:…",
        "  localr1 models verify --repair",
    ]


def test_offline_means_that_there_is_no_server_at_all(paths: Paths) -> None:
    said = report(paths, Config(offline=True), {"https": "proxy.example"})
    assert said.destinations == ()
    assert "Never used" in "\n".join(report_lines(said, all_kinds(paths)))


def test_names_of_files_are_no_orders_to_the_terminal(paths: Paths) -> None:
    write(paths.models / "\x1b]52;c;AAAA\x07.gguf", 0o644)
    assert "\x1b" not in lines_of(paths)


@pytest.mark.parametrize("option", ["--fix", "--json"])
def test_the_options_of_the_report_are_refused_without_it(home: Path, option: str) -> None:
    done = localr1("doctor", option)
    assert done.returncode == 2
    assert "doctor --privacy" in text(done.stderr)
