"""What somebody outside meets first: the tests of each system, the templates, the citation, the list of changes."""

import re
from pathlib import Path

import pytest
import yaml

from tests.test_packaging import PROJECT
from tests.test_readme import TEST, windows

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_workflow_runs_the_lines_of_the_readme_on_three_systems_and_each_python():
    job = read(GITHUB / "workflows" / "tests.yml")["jobs"]["test"]
    lines = [step["run"] for step in job["steps"] if "run" in step]
    assert lines == [TEST, windows(TEST)]
    matrix = job["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    assert matrix["python"][0] == PROJECT["requires-python"].removeprefix(">=")


@pytest.mark.parametrize("name", ["learner", "teacher"])
def test_a_template_asks_what_happened_and_each_question_has_a_name_of_its_own(name):
    form = read(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml")
    asked = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert {"happened", "doctor"} <= set(asked) and len(set(asked)) == len(asked)
    assert all(part["attributes"].get("label") or part["attributes"].get("value") for part in form["body"])


def test_the_citation_and_the_changes_are_of_this_version():
    citation = read(ROOT / "CITATION.cff")
    assert (citation["version"], citation["license"]) == (PROJECT["version"], PROJECT["license"])
    changes = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+?),", changes, flags=re.MULTILINE)[0] == PROJECT["version"]
