"""Result folders are replaced atomically."""

import json
import os
import shutil
from pathlib import Path

import pytest

from lossnr.reruns import results
from lossnr.reruns.notebooks import ROOT
from lossnr.reruns.results import MARK, check_free, put


@pytest.fixture
def result(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "page.html").write_text("new")
    (folder / MARK).write_text(json.dumps({"files": ["page.html", MARK]}))
    return folder


@pytest.fixture
def room(tmp_path):
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def test_a_result_is_put_where_nothing_or_an_empty_folder_is(result, room):
    put(result, room / "one")
    (room / "two").mkdir()
    put(result, room / "two")
    for name in ("one", "two"):
        assert (room / name / "page.html").read_text() == "new"
    assert sorted(os.listdir(room)) == ["one", "two"]


def test_an_earlier_result_is_replaced(result, room):
    put(result, room / "out")
    (room / "out" / "page.html").write_text("old")
    put(result, room / "out")
    assert (room / "out" / "page.html").read_text() == "new"
    assert sorted(os.listdir(room / "out")) == ["page.html", MARK]
    assert os.listdir(room) == ["out"]


@pytest.mark.parametrize("mark", [None, "", "[]", "{}", '{"files": ["page.html"]}', "\0"])
def test_something_else_is_left_alone(result, room, mark):
    (room / "out").mkdir()
    (room / "out" / "mine.txt").write_text("mine")
    if mark is not None:
        (room / "out" / MARK).write_text(mark)
    for action in (check_free, lambda place: put(result, place)):
        with pytest.raises(FileExistsError, match="holds files that are not an earlier result"):
            action(room / "out")
    assert (room / "out" / "mine.txt").read_text() == "mine"


def test_an_earlier_result_with_a_file_of_someone_else_is_left_alone(result, room):
    put(result, room / "out")
    (room / "out" / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not an earlier result"):
        put(result, room / "out")
    assert (room / "out" / "notes.txt").read_text() == "mine"


LITTER = [".DS_Store", ".ipynb_checkpoints/x.ipynb", "Thumbs.db", "desktop.ini", "page.html~"]
LITTER += ["._page.html", ".page.html.swp"]


@pytest.mark.parametrize("name", LITTER)
def test_what_systems_and_editors_leave_does_not_count(result, room, name):
    (room / "empty").mkdir()
    put(result, room / "out")
    for folder in (room / "empty", room / "out"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("litter")
    put(result, room / "empty")
    put(result, room / "out")
    assert sorted(os.listdir(room / "out")) == ["page.html", MARK]


def test_a_result_of_read_only_files_can_be_replaced(result, room):
    (result / "page.html").chmod(0o444)
    put(result, room / "out")
    assert (room / "out" / "page.html").stat().st_mode & 0o200
    put(result, room / "out")


def test_the_current_folder_and_the_books_own_are_refused(room, monkeypatch):
    (room / "below").mkdir()
    monkeypatch.chdir(room / "below")
    for folder in (".", "..", "/"):
        with pytest.raises(FileExistsError, match="is in use: choose a folder within it"):
            check_free(folder)
    for folder in ("book/x", "lossnr/x", "_build/html", "_build/other"):
        with pytest.raises(FileExistsError, match="where the book itself is"):
            check_free(ROOT / folder)
    with pytest.raises(FileExistsError, match="where the book itself is"):
        check_free(ROOT / "_build" / "other", published=True)


def test_the_place_of_the_site_is_for_the_published_book(result, room, monkeypatch):
    monkeypatch.setattr(results, "SITE", room / "html")
    (room / "html").mkdir()
    (room / "html" / "plain.html").write_text("of jupyter-book alone")
    with pytest.raises(FileExistsError, match="holds files"):
        put(result, room / "html")
    put(result, room / "html", published=True)
    assert sorted(os.listdir(room / "html")) == ["page.html", MARK]


def test_of_two_runs_at_once_one_result_stands_and_is_complete(result, room, monkeypatch):
    """The other run puts its result between our two renames."""
    put(result, room / "out")
    rename = Path.rename

    def racing(self, target):
        if self.name == "new":
            monkeypatch.setattr(Path, "rename", rename)
            put(result, room / "out")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", racing)
    with pytest.raises(OSError, match="out"):
        put(result, room / "out")
    assert sorted(os.listdir(room / "out")) == ["page.html", MARK]
    assert os.listdir(room) == ["out"]


def test_a_link_that_leads_nowhere_and_one_to_an_earlier_result(result, room):
    put(result, room / "out")
    (room / "out" / "page.html").write_text("old")
    (room / "link").symlink_to("out")
    put(result, room / "link")
    assert (room / "out" / "page.html").read_text() == "new"
    assert (room / "link").is_symlink()


def test_a_move_that_fails_leaves_the_old_result(result, room, monkeypatch):
    put(result, room / "out")
    (result / "page.html").write_text("newer")
    rename = Path.rename

    def failing(self, target):
        if self.name == "new":
            raise OSError("cannot be moved")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="cannot be moved"):
        put(result, room / "out")
    assert (room / "out" / "page.html").read_text() == "new"
    assert os.listdir(room) == ["out"]


def test_a_file_and_a_folder_that_is_not_there_are_named(room):
    (room / "file").write_text("")
    with pytest.raises(FileExistsError, match="file' is not a folder"):
        check_free(room / "file")
    with pytest.raises(NotADirectoryError, match="no' does not exist"):
        check_free(room / "no" / "such")


def test_a_disk_that_is_full_leaves_the_old_result(result, room, monkeypatch):
    put(result, room / "out")
    (result / "page.html").write_text("newer")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(OSError, match=r"out' cannot be written: \[Errno 28\] No space left"):
        put(result, room / "out")
    assert (room / "out" / "page.html").read_text() == "new"
    assert os.listdir(room) == ["out"]
