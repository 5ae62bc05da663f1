"""The command line: click commands over desk/actions, and the exit codes."""
