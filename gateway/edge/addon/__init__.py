"""The browser add-on as files that browsers install: which parts go in, how they are packed, signed and rolled out."""
