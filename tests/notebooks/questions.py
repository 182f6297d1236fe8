"""Which cells of a lesson answer a question that the reader is to guess at first."""


def answering(cells):
    """The code cells below each question and above the next text, of a list of cells as nbformat or JSON has them.

    A question is "Guess first", "with a guess before" or the list at the end, whose answers are folded away. Between
    "Guess first" and the code there may be another text, between the others and theirs not.
    """
    asked = waits = False
    for cell in cells:
        text = "".join(cell["source"]).lower()
        if cell["cell_type"] == "code" and asked:
            waits = False
            yield cell
        elif cell["cell_type"] == "markdown":
            first = "guess first" in text
            asked = first or waits or "guess before" in text or "<summary>answers" in text
            waits = first or waits
