"""The command line: one file per command; a command's name is its file's name."""
