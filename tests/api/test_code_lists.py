"""The protocol's code lists over HTTP: public, cacheable, licensed."""

import csv
import io

import pytest

LICENCE = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
FILES = {
    "indicators.csv": "text/csv",
    "indicators.json": "application/json",
    "misp-taxonomy.json": "application/json",
    "datapackage.json": "application/json",
    "mappings/htcds-2.0.csv": "text/csv",
    "mappings/eu-thb.csv": "text/csv",
    "mappings/niem-6.0.csv": "text/csv",
}


@pytest.fixture(scope="module")
def anybody(network):
    """Somebody without a token."""
    return network.http()


@pytest.mark.parametrize(("name", "media_type"), FILES.items())
def test_a_code_list_is_there_for_anybody_with_its_licence(anybody, name, media_type):
    answer = anybody.get(f"/v1/protocol/codelists/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["link"] == LICENCE
    assert answer.headers["cache-control"].startswith("public")


@pytest.mark.parametrize("name", FILES)
def test_who_has_a_code_list_is_not_sent_it_again(anybody, name):
    tag = anybody.get(f"/v1/protocol/codelists/{name}").headers["etag"]
    again = anybody.get(f"/v1/protocol/codelists/{name}", headers={"If-None-Match": tag})
    other = anybody.get(f"/v1/protocol/codelists/{name}", headers={"If-None-Match": '"other"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["link"] == LICENCE
    assert other.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["indicators", "indicators.xml", "mappings", "mappings/x.csv", "mappings/indicators.csv"],
)
def test_what_is_no_code_list_is_not_found(anybody, name):
    assert anybody.get(f"/v1/protocol/codelists/{name}").status_code == 404


def test_the_package_names_files_that_are_there(anybody):
    package = anybody.get("/v1/protocol/codelists/datapackage.json").json()
    paths = [resource["path"] for resource in package["resources"]]
    assert {*paths, "datapackage.json"} == set(FILES)


def test_a_mapping_is_read_as_csv(anybody):
    text = anybody.get("/v1/protocol/codelists/mappings/htcds-2.0.csv").text
    [row] = [
        row
        for row in csv.DictReader(io.StringIO(text, newline=""))
        if (row["our_list"], row["our_code"]) == ("forms", "sexual_exploitation")
    ]
    assert (row["relation"], row["their_value"]) == ("exact", "SexualExploitation")
