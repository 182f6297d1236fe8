"""stub for now."""


def write_pages(made, notebooks, files, repository):
    pass
