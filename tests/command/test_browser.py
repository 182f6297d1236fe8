"""Inside a browser page: kan-edu says that it has no commands there, and which way works."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from kan_edu.command import browser, cli


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["check", "05_splines.ipynb"], "The check cell under each task"),
        (["exercise", "list"], "in the folder exercises"),
        (["doctor"], "Restart Kernel"),
        (["lab"], "in the list on the left"),
    ],
)
def test_every_command_names_the_way_that_works_there(argv, words, monkeypatch, capsys):
    monkeypatch.setattr(browser.sys, "platform", "emscripten")
    assert cli.main(argv) == 2
    said = capsys.readouterr().err
    assert said.startswith("kan-edu: This Python runs inside your browser")
    assert words in said


def test_a_shell_line_is_answered_in_words_and_others_are_left_alone(capsys):
    ran = []
    shell = SimpleNamespace(system=ran.append)
    browser.answer_shell(shell)
    shell.system("kan-edu check 05_splines.ipynb")
    assert "File > Download" in capsys.readouterr().out
    shell.system("ls")
    shell.system('echo "')
    assert ran == ["ls", 'echo "']


def test_the_package_answers_the_shell_as_soon_as_it_is_imported_there():
    code = ("import sys, types\nsys.platform = 'emscripten'\nshell = types.SimpleNamespace(system=print)\n"
            "sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: shell)\n"
            "import kan_edu\nshell.system('kan-edu doctor')")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "inside your browser" in done.stdout, done.stderr
