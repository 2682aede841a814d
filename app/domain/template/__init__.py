"""The template report: what the form for the national body asks, empty or filled from a report,
and the columns of the spreadsheet that asks the same. How either looks is decided elsewhere.
"""
