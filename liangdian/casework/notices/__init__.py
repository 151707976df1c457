"""The papers that a resident gets, all of one family: content as data, set by typst, kept byte for byte."""
