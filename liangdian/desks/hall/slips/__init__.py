"""The slip with the number: for printers of 80 mm, the same bytes at every print."""
