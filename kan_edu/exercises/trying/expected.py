"""What a student's notebook knows: for its own seed the values of each task, as a text that is not read by accident."""

import base64
import json
import zlib


def pack(expected):
    """{task: about} as a text of letters and digits: short, and not read by accident.

    about  what `Checks.examine` found, with "points" and the "names" that the answer defines
    """
    return base64.b85encode(zlib.compress(json.dumps(expected).encode(), 9)).decode()


def unpack(packed):
    """What `pack` was given. ValueError if the text is damaged."""
    try:
        return json.loads(zlib.decompress(base64.b85decode(packed)))
    except (ValueError, zlib.error) as error:
        raise ValueError("the text given to check.expect is damaged; get the notebook again: "
                         "kan-edu exercise get NAME") from error
