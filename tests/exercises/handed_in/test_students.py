"""Whose a file is: paths as Moodle and others write them, what accompanies a notebook, names in a table."""

import pytest

from kan_edu.exercises.handed_in.students import shown_names, student_of, without_company


@pytest.mark.parametrize(
    ("label", "name", "number", "begin", "rest"),
    [("Anna Muster_17_assignsubmission_file_/a b/w.ipynb", "Anna Muster", "17",
      "Anna Muster_17_assignsubmission_file_/", "a b/w.ipynb"),
     ("Anna Muster_17_assignsubmission_file/w.ipynb", "Anna Muster", "17", "Anna Muster_17_assignsubmission_file/",
      "w.ipynb"),
     ("Anna Muster_17_assignsubmission_file_my_w.ipynb", "Anna Muster", "17", "Anna Muster_17_assignsubmission_file_",
      "my_w.ipynb"),
     ("all.zip/Group A-Li_4_assignsubmission_onlinetext_/x.html", "Group A-Li", "4",
      "all.zip/Group A-Li_4_assignsubmission_onlinetext_/", "x.html"),
     ("Anna_1_assignsubmission_file_/Bob_2_assignsubmission_file_/w.ipynb", "Anna", "1",
      "Anna_1_assignsubmission_file_/", "Bob_2_assignsubmission_file_/w.ipynb"),
     ("_5_assignsubmission_file_/w.ipynb", "", "5", "_5_assignsubmission_file_/", "w.ipynb")],
)
def test_what_moodle_writes(label, name, number, begin, rest):
    student = student_of(label)
    assert (student.name, student.number, student.begin, student.rest) == (name, number, begin, rest)


@pytest.mark.parametrize("label", ["anna.ipynb", "anna/w.ipynb", "a_b_assignsubmission_file_/w", "a_1_b_c_w.ipynb"])
def test_what_moodle_did_not_write(label):
    assert student_of(label) is None


def labels(*names):
    return [name for name, in without_company([(name,) for name in names])]


def test_what_accompanies_a_notebook():
    anna, bob = "Anna_1_assignsubmission_", "Bob_2_assignsubmission_"
    assert labels(f"{anna}file_/w.ipynb", f"{anna}file_/w.pdf", f"{anna}onlinetext_/x.html", f"{bob}file_/w.pdf") == [
        f"{anna}file_/w.ipynb", f"{bob}file_/w.pdf"]
    assert labels("w1/anna.ipynb", "w1/bob.ipynb", "w1/cem.py") == ["w1/anna.ipynb", "w1/bob.ipynb", "w1/cem.py"]
    assert labels("x/anna/w.ipynb", "x/anna/w.py", "x/bob/w.py", "x/cem/w.ipynb") == [
        "x/anna/w.ipynb", "x/bob/w.py", "x/cem/w.ipynb"]


def test_names_in_a_table():
    path = "{}_{}_assignsubmission_file_/{}".format
    shown = shown_names([path("Anna Muster", 1, "w.ipynb"), path("Li", 2, "w.ipynb"), path("Li", 3, "w.ipynb"),
                         path("Bo", 4, "a.ipynb"), path("Bo", 4, "b.ipynb"), path("", 5, "w.ipynb"), "plain/w.ipynb"])
    assert list(shown.values()) == ["Anna Muster", "Li 2", "Li 3", "Bo: a.ipynb", "Bo: b.ipynb", "5", "plain/w.ipynb"]
