"""Numbers as the pictures and the words below them write them."""


def number(value, digits=3):
    """A number as it stands in the picture: with a minus as long as a plus, and no minus before zero.

    >>> number(-0.5), number(-0.0001)
    ('−0.500', '0.000')
    """
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
