"""Macros: Markdown files with front matter that fill in replies and act on tickets."""
