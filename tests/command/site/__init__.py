"""Tests of `kan-edu site`."""
