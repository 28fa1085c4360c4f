"""What the documents say is so: commands, options, links, tables, and the samples that people copy."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gateway import __version__
from gateway.cli.commands import cli
from gateway.labels.data import FOLDERS, build_label_data
from gateway.law.pack_id import pack_id
from gateway.policy.parse import parse
from gateway.policy.shape import PolicyShape
from gateway.proof.case_file import CaseShape
from gateway.shipped import texts

ROOT = Path(__file__).parents[2]
COMMANDS = {command.name: command for command in typer.main.get_group(cli).commands.values()}


def documents() -> list[Path]:
    """Every Markdown file that is kept, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


DOCUMENTS = documents()


def named(value: object) -> str:
    return value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str, head: str) -> Iterator[list[str]]:
    """The cells of the table whose head begins with the word `head`."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {head} |"):
            break
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def in_ticks(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def blocks(path: Path) -> Iterator[tuple[int, str]]:
    """The code blocks of a document, indented or fenced, with their first lines' numbers."""
    found: list[str] = []
    fenced = False
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "end"], 1):
        fence = line.startswith("```")
        if not fence and (fenced or line.startswith("    ") or (found and not line.strip())):
            found.append(line)
        elif found:
            yield number - len(found), dedent("\n".join(found)) + "\n"
            found = []
        fenced ^= fence


def samples() -> list[tuple[Path, int, str]]:
    """The blocks that are YAML: they begin with a key."""
    found = [(path, line, block) for path in DOCUMENTS for line, block in blocks(path)]
    return [each for each in found if re.match(r"[a-z-]+:(\s|$)", each[2])]


def test_every_command_has_its_row_and_every_row_its_command() -> None:
    described = [in_ticks(cells[0])[0].split()[1] for cells in rows(text_of("README.md"), "command")]
    assert sorted(described) == sorted(COMMANDS)


@pytest.mark.parametrize("cells", list(rows(text_of("README.md"), "command")), ids=lambda cells: cells[0])
def test_the_options_in_a_row_are_the_command_s(cells: list[str]) -> None:
    name = in_ticks(cells[0])[0].split()[1]
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", " ".join(cells))) <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command: Any = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help, f"{name}: {parameter.name}"


def test_commands_that_documents_name_exist() -> None:
    for path in DOCUMENTS:
        for word in re.findall(r"`qorgan ([a-z]+)", path.read_text(encoding="utf-8")):
            assert word in COMMANDS, f"{named(path)}: qorgan {word}"


def test_targets_of_make_that_documents_name_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", text_of("Makefile")))
    for path in DOCUMENTS:
        for word in re.findall(r"(?m)(?:`|^    )make ([a-z-]+)", path.read_text(encoding="utf-8")):
            assert word in targets, f"{named(path)}: make {word}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"(?m)^#+ (.+)$", file.read_text(encoding="utf-8"))
            assert anchor in [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads], target


FOLDER_TABLES = ["gateway/README.md", "policies/README.md", "tests/README.md", "addons/README.md"]


@pytest.mark.parametrize("name", FOLDER_TABLES)
def test_a_table_of_folders_names_every_folder_and_no_other(name: str) -> None:
    top = (ROOT / name).parent
    described = {in_ticks(cells[0])[0].partition("/")[0] for cells in rows(text_of(name), "folder")}
    ignored = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        input="\n".join(str(each) for each in top.iterdir()),
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    folders = {each.name for each in top.iterdir() if each.is_dir() and str(each) not in ignored}
    assert described == folders


def test_the_presets_and_packs_that_are_named_are_shipped() -> None:
    text = text_of("policies/README.md")
    presets = {name.removeprefix("presets/").removesuffix(".yaml") for name in texts("presets")}
    folder = next(cells for cells in rows(text, "folder") if "`presets/`" in cells[0])
    key = next(cells for cells in rows(text, "key") if cells[0] == "`extends`")
    assert set(re.findall(r"[a-z]+", folder[1].partition(":")[2])) == presets
    assert set(in_ticks(key[1])) == presets
    packs = {pack_id(path) for path in texts("law")}
    told = text_of("CHANGELOG.md")
    assert [pack for pack in sorted(packs) if f"`{pack}`" not in told] == []
    assert set(re.findall(r"`(kz/[a-z0-9-]+)`", "".join(path.read_text() for path in DOCUMENTS))) <= packs


def test_the_table_of_a_policy_s_keys_names_each_once() -> None:
    described = [key for cells in rows(text_of("policies/README.md"), "key") for key in in_ticks(cells[0])]
    known = {field.alias or name for name, field in PolicyShape.model_fields.items()}
    assert sorted(described) == sorted(known)


@pytest.mark.parametrize(("path", "line", "text"), samples(), ids=named)
def test_every_sample_in_yaml_can_be_parsed(path: Path, line: int, text: str) -> None:
    parse(text, f"{named(path)}:{line}")


def test_there_are_samples() -> None:
    assert {"README.md", "policies/README.md", "policies/sites/README.md"} <= {named(path) for path, *_ in samples()}


@pytest.mark.parametrize(
    ("path", "line", "text"), [each for each in samples() if each[2].startswith("extends:")], ids=named
)
def test_a_sample_of_a_policy_has_no_problems(tmp_path: Path, path: Path, line: int, text: str) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(file)], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "no problems\n")


def test_the_policy_of_the_readme_has_ten_lines() -> None:
    policy = next(text for path, _, text in samples() if named(path) == "README.md")
    assert len(policy.strip().splitlines()) == 10


def test_the_sample_of_a_scale_is_a_scale() -> None:
    sample = next(text for path, _, text in samples() if named(path) == "policies/README.md" and "marks:" in text)
    shipped = {path: text for folder in FOLDERS for path, text in texts(folder).items()}
    data = build_label_data({**shipped, "scales/example.yaml": sample})
    mark = data.scales.find("from twelve")
    assert mark is not None
    assert mark.min_age == 12


def test_the_sample_of_cases_can_be_tried_on_the_policy_of_the_readme(tmp_path: Path) -> None:
    policy = next(text for path, _, text in samples() if named(path) == "README.md")
    cases = next(text for path, _, text in samples() if named(path) == "policies/README.md" and "cases:" in text)
    assert len(cases.strip().splitlines()) == 10
    (tmp_path / "home.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "home.cases.yaml").write_text(cases, encoding="utf-8")
    done = CliRunner().invoke(cli, ["test", str(tmp_path)], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith("8 cases: 8 as expected\n")


def test_the_table_of_what_a_case_may_say_names_each_key_once() -> None:
    described = [key for cells in rows(text_of("policies/README.md"), "a case may say") for key in in_ticks(cells[0])]
    assert sorted(described) == sorted(field.alias or name for name, field in CaseShape.model_fields.items())


def test_the_changelog_has_a_place_for_what_is_not_yet_released() -> None:
    text = text_of("CHANGELOG.md")
    first, body = re.split(r"(?m)^## ", text)[1].split("\n", 1)
    assert first == "Unreleased"
    assert body.strip()
    told = {word for line in body.splitlines() if "Commands" in line for word in in_ticks(line)}
    assert told == set(COMMANDS)


def test_the_version_is_said_in_one_place() -> None:
    done = CliRunner().invoke(cli, ["--version"])
    assert done.stdout == f"qorgan {__version__}\n"
    assert 'dynamic = ["version"]' in text_of("pyproject.toml")
    assert re.search(r'(?m)^version = "', text_of("pyproject.toml")) is None
