"""Files of reports: each row of a file becomes the JSON text of one report, or is refused with
the reason. What a report may say is judged elsewhere, as for reports that come over HTTP.
"""
