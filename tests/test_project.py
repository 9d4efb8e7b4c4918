"""What holds of the project as a whole: who may import what, what is pinned, what is documented."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import commands

REPOSITORY = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
FILES = [path for part in ("index", "bot") for path in sorted((REPOSITORY / part).rglob("*.py"))]
NAMES = [path.relative_to(REPOSITORY).as_posix() for path in FILES]
LAYERS = (
    {"domain", "errors"},
    {
        "addresses",
        "analysis",
        "batches",
        "dates",
        "encoder",
        "exporting",
        "near_duplicates",
        "onnx",
        "passages",
        "pytorch",
        "questions",
        "reader",
        "seen",
        "sources",
    },
    {"ranking", "store"},
    {"looking", "moments", "own_encoder", "preparing", "query", "retrieval", "roots", "sync", "versions"},
    {"candidates", "evaluation", "highlights", "maintenance", "reading", "respelling", "second_stage", "suggestions"},
    {"archive"},
)
"""Of index, from the bottom: a part imports parts of its own layer and of those below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A module imported by a file; ``typing`` where only type checkers see it."""

    file: str
    module: str
    typing: bool


@cache
def imports() -> tuple[Import, ...]:
    """Every import of index and bot, also those inside functions."""
    return tuple(each for path in FILES for each in _imports(path))


def _imports(path: Path) -> list[Import]:
    tree = ast.parse(path.read_text("utf-8"))
    hidden = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in node.body
        for inner in ast.walk(child)
    }
    found = []
    for node in ast.walk(tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            assert node.module
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        file = path.relative_to(REPOSITORY).as_posix()
        found += [Import(file=file, module=module, typing=node in hidden) for module in modules]
    return found


def users(module: str, *, typing: bool = True) -> set[str]:
    """The files that import a module or something of it."""
    return {
        each.file
        for each in imports()
        if (each.module == module or each.module.startswith(f"{module}.")) and (typing or not each.typing)
    }


def test_bot_uses_index_and_never_the_other_way() -> None:
    """No file of index imports anything of bot; bot does import index."""
    assert not {file for file in users("bot") if file.startswith("index/")}
    assert "bot/cli.py" in users("index")


def part(name: str) -> str:
    """The part of index that a file or a module belongs to: ``store`` of ``index/store/dense.py``."""
    return re.split(r"[./]", name)[1]


def layer(name: str) -> int:
    """How high a part of index stands."""
    return next(height for height, parts in enumerate(LAYERS) if name in parts)


def test_every_part_of_index_has_its_place() -> None:
    """The layers name all parts and no others."""
    parts = {part(name) for name in NAMES if name.startswith("index/")} - {"__init__"}
    assert parts == set().union(*LAYERS)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("index/") and name != "index/__init__.py"])
def test_within_index_imports_run_one_way(name: str) -> None:
    """What a file imports at run time stands in its layer or below it, and never comes back to the package itself."""
    ours = [each for each in imports() if each.file == name and each.module.split(".")[0] == "index"]
    for each in ours:
        imported = part(each.module)
        assert imported in set().union(*LAYERS), f"{name} imports {each.module}, which only those outside may"
        assert each.typing or layer(imported) <= layer(part(name)), f"{name} imports {each.module}"


def test_telegram_is_known_where_it_is_spoken_to() -> None:
    """bot/app.py, bot/transport/ and bot/handlers/, for its types too."""
    others = {file for file in users("telegram") if not file.startswith(("bot/handlers/", "bot/transport/"))}
    assert others == {"bot/app.py"}
    assert not {each.file for each in imports() if re.match(r"(?:httpx|httpcore|aiogram)\b", each.module)}


@pytest.mark.parametrize(
    ("library", "file"),
    [
        ("sentence_transformers", "index/encoder.py"),
        ("faiss", "index/store/dense.py"),
        ("tantivy", "index/store/lexical.py"),
    ],
)
def test_a_library_of_searching_is_imported_by_one_file(library: str, file: str) -> None:
    """At run time; its types may be named elsewhere."""
    assert users(library, typing=False) == {file}


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_sorted_and_exact(name: str) -> None:
    """__all__ names what the file has, each once; in a package's __init__ all that it imports."""
    tree = ast.parse((REPOSITORY / name).read_text("utf-8"))
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
    ]
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    if not listed:
        assert not (name.endswith("__init__.py") and imported), f"{name} gives names on and lists none"
        return
    (names,) = listed
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda each: (not each.isupper(), each))
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    assert set(names) <= imported | defined
    if not defined:
        assert set(names) == imported


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_has_a_help_with_an_example(name: str) -> None:
    """It says what the command does, shows it used, explains every option, and fits 80 columns."""
    shown = CliRunner().invoke(commands, [name, "--help"], prog_name="newsdesk", terminal_width=80)
    assert shown.exit_code == 0
    command = commands.commands[name]
    assert command.help
    assert " ".join(command.help.split()[:5]) in " ".join(shown.output.split())
    assert re.search(rf"Example:\n +(?:\w+=\S+ )?newsdesk {name}\b", shown.output)
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []
    assert max(map(len, shown.output.splitlines())) <= 90


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_stands_in_the_readme(name: str) -> None:
    """As newsdesk NAME, or as make NAME for those that run with one word."""
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert re.search(rf"\bnewsdesk {name}\b|^make {name}\b", readme, re.MULTILINE)


def normal(requirement: str) -> str:
    """The name of a distribution, as the package index compares names."""
    (name,) = re.findall(r"^[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> set[str]:
    """What newsdesk says that it needs to run."""
    return {normal(line) for line in PYPROJECT["project"]["dependencies"]}


def test_every_library_is_a_dependency() -> None:
    """What index and bot import is in the standard library, or the distribution that has it is named."""
    owners = packages_distributions()
    modules = {each.module.split(".")[0] for each in imports() if not each.typing}
    foreign = modules - sys.stdlib_module_names - {"index", "bot"}
    missing = {module for module in foreign if not {normal(name) for name in owners[module]} & dependencies()}
    assert missing == set()


def test_every_dependency_is_pinned() -> None:
    """Also those of development; each pin is exact, and each name is there once."""
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    pins = [normal(line) for line in lines if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"\S+==\d\S*", line) for line in lines if line.strip() and not line.startswith("#"))
    assert len(set(pins)) == len(pins)
    development = {normal(line) for line in PYPROJECT["project"]["optional-dependencies"]["dev"]}
    assert (dependencies() | development) - set(pins) == set()


def tracked() -> list[Path]:
    """The files that are kept in the repository, and those that will be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the developer's own git
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not in a git repository")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := REPOSITORY / name).is_file()]


def test_no_file_names_this_machine() -> None:
    """No folder of a workshop or a home, no package mirror; example paths of the README are relative."""
    machine = re.compile(
        r"/(?:work|root)/\w|/home/(?!editor\b)\w|/Users/\w|/tmp/\w|index[-_]url|--extra-index|artifactory|nexus|"
        r"devpi|pypi\.(?!org)\w+\.|(?:127\.0\.0\.1|localhost):\d+/simple"
    )
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
            if match := machine.search(line):
                found.append(f"{path.relative_to(REPOSITORY)}:{number}: {match[0]}")
    assert found == []
