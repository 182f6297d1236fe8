"""The apps in a real browser; a package, so that server and browser end with its last test and not with the run."""
