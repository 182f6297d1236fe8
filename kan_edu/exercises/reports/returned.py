"""One ZIP with a page for each student, in the folders in which the notebooks came: as Moodle takes it back."""

import io
import zipfile

from .webpage import page_path, webpage
from .whole import write_report


def write_return_zip(path, verdicts):
    """Write the pages of all verdicts into one ZIP. Raises ReportError.

    Moodle: View all submissions, Upload multiple feedback files in a zip. It knows each student by the folder's name.
    """
    packed, taken = io.BytesIO(), set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for verdict in verdicts:
            place = page_path(verdict.name)
            if place in taken:  # work.ipynb and work.py
                place = page_path(f"{verdict.name}_")
            taken.add(place)
            archive.writestr(place, webpage(verdict))
    write_report(path, packed.getvalue())
