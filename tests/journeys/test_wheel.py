"""A wheel, built and installed elsewhere, has all that a conversation needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from journeys.command import REPOSITORY, Desk

if TYPE_CHECKING:
    from pathlib import Path


def run(*words: str, folder: Path) -> None:
    """Run a step of packaging to its end."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing is left in the repository."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    for name in ("index", "bot"):
        shutil.copytree(REPOSITORY / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    run("build", "--wheel", "--no-isolation", "--outdir", str(source / "dist"), folder=source)
    (built,) = (source / "dist").glob("newsdesk-*.whl")
    return built


def test_the_wheel_has_the_code_and_its_data(wheel: Path) -> None:
    """Every module, the sample, the texts, the marks of typed packages; no tests."""
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [
        path.relative_to(REPOSITORY).as_posix()
        for part in ("index", "bot")
        for path in (REPOSITORY / part).rglob("*")
        if path.is_file() and path.suffix in {".py", ".md", ".po", ".typed"}
    ]
    assert "index/sample/2018-01-30-netanyahu-putin-moscow.md" in wanted
    assert set(wanted) - names == set()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"index", "bot"}


def test_an_installed_wheel_answers_from_another_folder(wheel: Path, tmp_path: Path, newsdesk_cache: Path) -> None:
    """With nothing of the repository at hand: the answer names Zeev Elkin, and the note says that it is the sample."""
    home = tmp_path / "installed"
    install = ("pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    run(*install, "--target", str(home), str(wheel), folder=tmp_path)
    (tmp_path / "elsewhere").mkdir()
    desk = Desk(folder=tmp_path / "elsewhere", cache=newsdesk_cache, code=home)
    assert desk.python("-c", "import bot; print(bot.__file__)").stdout.strip() == str(home / "bot" / "__init__.py")
    done = desk.newsdesk("chat", "--once", "who accompanied Netanyahu?")
    assert (done.returncode, "\n│ " in done.stdout) == (0, True), done.stderr
    assert "Zeev Elkin" in done.stdout
    assert "this is the sample" in done.stderr
    assert desk.newsdesk("--version").stdout == "newsdesk 0.1.0\n"
