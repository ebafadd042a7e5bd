"""The vocabulary: frozen records and protocols; knows no domain, no language and no plug-in by name."""
