"""`tessera export codelists`: the files, without a database and without settings."""

from app.services.publish_code_lists import publish_code_lists
from app.storage.catalogues import load_catalogue
from app.storage.codelists import load_mappings


def published():
    catalogue = load_catalogue()
    files = publish_code_lists(catalogue, load_mappings(catalogue))
    return {name: file.content for name, file in files.items()}


def written(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_files_are_those_that_are_served(quiet_home, tmp_path):
    folder = tmp_path / "new" / "lists"
    told, _ = quiet_home.run("export", "codelists", "--to", folder)
    assert written(folder) == published()
    assert set(told.split()) == {str(folder / name) for name in published()}
    assert not (tmp_path / "postgres").exists()


def test_a_second_export_replaces_the_first(quiet_home, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "indicators.csv").write_text("old")
    (folder / "notes.txt").write_text("mine")
    quiet_home.run("export", "codelists", "--to", folder)
    assert written(folder) == {**published(), "notes.txt": b"mine"}


def test_a_folder_that_cannot_be_made_is_told_in_one_line(quiet_home, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    _, told = quiet_home.run("export", "codelists", "--to", file, code=2)
    assert told.startswith("tessera: ")
    assert "cannot be written" in told
    assert told.count("\n") == 1
