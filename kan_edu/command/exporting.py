"""Words for pictures on their way into an HTML file: nbconvert, and JupyterLab's menu, would leave them behind.

    jupyter nbconvert --to html --HTMLExporter.preprocessors=kan_edu.command.exporting.with_words LESSON.ipynb

`kan-edu lab` starts JupyterLab with the same option, so that its menu (Save and Export Notebook As, HTML) does it too.
"""

import html

OPTION = f"--HTMLExporter.preprocessors=['{__name__}.with_words']"


def with_words(book, resources):
    """A notebook whose pictures are HTML with their alt text, for nbconvert, which calls (book, resources) -> the same.

    An app becomes the picture that it left, for its sliders would need a network and Python, and show nothing without.
    A picture without an alt text takes what is printed where no picture can be shown.
    """
    for output in (output for cell in book.cells for output in cell.get("outputs", [])):
        data = output.get("data", {})
        if "image/png" in data:
            alt = output.get("metadata", {}).get("image/png", {}).get("alt") or data.get("text/plain", "a picture")
            source = f"data:image/png;base64,{data['image/png'].strip()}"
            output["data"] = {"text/html": f'<img src="{source}" alt="{html.escape(alt, quote=True)}">'}
    book.metadata.pop("widgets", None)
    return book, resources
