"""The hall: visits with numbers, windows that call them, boards that show them."""
