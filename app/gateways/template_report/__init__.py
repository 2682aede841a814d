"""The template report as people get it: a page (HTML), paper (PDF) and a spreadsheet (XLSX)."""
