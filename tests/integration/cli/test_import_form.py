"""`tessera import` of the spreadsheet form: good rows are stored, bad ones told with their place."""

import json
from pathlib import Path

from tests.support.report_form import Form


def test_a_form_is_imported_row_by_row_and_once(quiet_home, tmp_path):
    quiet_home.run("db", "upgrade")
    filled = Form("sk")
    filled.write("reports", 1, external_ref="R-1", observed_from="2026-03-01")
    filled.choose("reports", 1, form_1="forced_begging", indicator_1="EX-01", country="SK")
    filled.write("persons", 1, external_ref="R-1", name="Invented", phones="0905 000 111")
    filled.write("reports", 2, external_ref="R-2", observed_from="Jana Tajna")
    filled.write("reports", 3, external_ref="R-3", observed_from="2026-03-02", narrative="=1+1")
    filled.write("attributes", 1, external_ref="R-9", value="Jana Tajna")
    path = filled.save(tmp_path / "form.xlsx")
    owner = quiet_home.organisation()
    for created, repeated in ((1, 0), (0, 1)):
        told = quiet_home.json("import", path, "--org", owner, code=1)
        lines = Path(told.pop("file of rejected")).read_text().splitlines()
        assert told == {"created": created, "repeated": repeated, "conflicts": 0, "rejected": 3}
        rejected = [json.loads(line) for line in lines]
        places = [(r["sheet"], r["row"], r["column"]) for each in rejected for r in each["reasons"]]
        assert places == [("Hlásenia", 5, "B"), ("Hlásenia", 6, "Q"), ("Údaje", 4, "A")]
        assert "Jana" not in json.dumps([each["reasons"] for each in rejected])
    assert quiet_home.json("status")["reports"] == 1
