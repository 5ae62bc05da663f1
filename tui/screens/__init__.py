"""Whole screens: the inbox, composing, search, statistics and help."""
