import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halles import publish
from halles.publish import Output


@pytest.fixture
def output(tmp_path: Path) -> Output:
    """Return an empty output folder."""
    return opened(tmp_path)


def opened(folder: Path) -> Output:
    """Return an output folder that is ready to be written to."""
    (folder / "output").mkdir(parents=True)
    return Output(folder / "output")


def tree(output: Output) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    root = Path(output.root)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def folders(output: Output) -> set[str]:
    """Return every folder under a folder."""
    root = Path(output.root)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}


def test_a_file_gets_its_bytes_and_its_folders(output: Output) -> None:
    """Given nothing, a page appears at once, whole, where it was said."""
    output.put("commerces/alix/index.html", b"pain")

    assert {"commerces/alix/index.html": b"pain"} == tree(output)


def test_other_bytes_replace_the_first(output: Output) -> None:
    """Nothing of the old page is left, be the new one shorter."""
    output.put("a/index.html", b"un long texte")
    output.put("a/index.html", b"court")

    assert {"a/index.html": b"court"} == tree(output)


def test_a_reader_keeps_the_old_file_until_the_new_one_stands(output: Output) -> None:
    """Who has a page open reads it to its end: the file is replaced, not written over."""
    output.put("a/index.html", b"avant")
    with open(f"{output.root}/a/index.html", "rb") as reader:
        output.put("a/index.html", b"apres")

        assert b"avant" == reader.read()


def test_a_full_disk_leaves_the_old_page(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the system stops in the middle of a page, the old one is still there, whole."""
    output.put("a/index.html", b"avant")
    really = os.write

    def full(descriptor: int, body: bytes) -> int:
        really(descriptor, bytes(body)[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish.os, "write", full)
    with pytest.raises(OSError, match="No space"):
        output.put("a/index.html", b"apres")
    with pytest.raises(OSError, match="No space"):
        output.put("b/index.html", b"neuf")

    assert {"a/index.html": b"avant"} == tree(output)


def test_a_page_that_is_written_in_pieces_is_whole(
    output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may take a few bytes at a time."""
    really = os.write
    monkeypatch.setattr(publish.os, "write", lambda d, body: really(d, bytes(body)[:3]))

    output.put("a/index.html", b"un long texte")

    assert {"a/index.html": b"un long texte"} == tree(output)


def test_a_file_may_become_a_folder_and_a_folder_a_file(output: Output) -> None:
    """Whatever stood in the way of a page gives way."""
    output.put("a", b"file")
    output.put("a/b/index.html", b"page")
    output.put("c/d/index.html", b"page")
    output.put("c", b"file")

    assert {"a/b/index.html": b"page", "c": b"file"} == tree(output)


def test_removing_takes_the_empty_folders_too(output: Output) -> None:
    """No empty folder is published, and a neighbour stays."""
    output.put("a/b/c/index.html", b"1")
    output.put("a/index.html", b"2")

    output.remove("a/b/c/index.html")
    output.remove("never/was/index.html")

    assert ({"a/index.html": b"2"}, {"a"}) == (tree(output), folders(output))


def test_removing_the_last_file_leaves_the_folder_itself(output: Output) -> None:
    """output/ stays, since a server may be looking at it."""
    output.put("index.html", b"1")

    output.remove("index.html")

    assert Path(output.root).is_dir()


def test_sweeping_takes_what_nobody_claims(output: Output) -> None:
    """Strays go, with their folders; pages stay; each stray is told."""
    for file in ("index.html", "a/index.html", "stray/x/old.html", "a/.index.html.new"):
        output.put(file, b"")

    gone = set(output.sweep({"index.html", "a/index.html"}))

    assert {"stray/x/old.html", "a/.index.html.new"} == gone
    assert {"index.html", "a/index.html"} == tree(output).keys()
    assert {"a"} == folders(output)


def test_sweeping_leaves_a_repository(output: Output) -> None:
    """output/ may be the work tree of what publishes it: git's folder, or its file, is no stray."""
    output.put(".git/refs/heads/pages", b"1")
    output.put("a/.git", b"gitdir: elsewhere")

    assert {"a/.git"} == set(output.sweep(set()))
    assert {".git/refs/heads/pages"} == tree(output).keys()


def test_published_files_can_be_read_by_a_web_server(output: Output) -> None:
    """A page is as open to others as any file that this user makes."""
    output.put("a/index.html", b"1")
    output.put("a/index.html", b"2")
    Path(output.root, "plain").write_bytes(b"")
    modes = {Path(output.root, f).stat().st_mode & 0o777 for f in ("a/index.html", "plain")}

    assert 1 == len(modes)


names = st.sampled_from(["index.html", "a/index.html", "a/b/index.html", "c/index.html", "d.txt"])
deeds = st.lists(st.tuples(names, st.none() | st.binary(max_size=9)), max_size=12)


@settings(max_examples=60)
@given(deeds)
def test_the_folder_holds_what_was_said_last(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, bytes | None]]
) -> None:
    """After any writing and removing, each file has its last bytes, and no folder is empty."""
    output = opened(tmp_path_factory.mktemp("site"))
    expected: dict[str, bytes] = {}
    for file, body in said:
        if body is None:
            output.remove(file)
            expected.pop(file, None)
        else:
            output.put(file, body)
            expected[file] = body

    assert expected == tree(output)
    assert {str(p) for f in expected for p in Path(f).parents if str(p) != "."} == folders(output)
