"""Layouts of fine-tuning and evaluation data: one file a format, found by name."""
