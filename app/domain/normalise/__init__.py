"""Bring raw values into the form in which two reports are compared: one file a kind.

Every `normalise_<kind>` is pure, accepts any string without raising, and gives a value that
it would leave as it is. Which function serves which kind is said in `dispatch`.
"""
