"""Facts first: typed records are drawn, then said in any language, and read back from the text alone."""
