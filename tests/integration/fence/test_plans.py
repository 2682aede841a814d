"""Row-level security leaves the plans of what is asked most as they were: conditions stay those of
an index, and who acts is asked once a statement.
"""

import pytest
from sqlalchemy import text

from app.domain.acting import LINKER, Acting, senders
from app.storage.session import reading

VALUE, KEY, REPORT = "'v' ::bytea", "1 ::bigint", "gen_random_uuid()"
OF_THE_LINKER = {
    "ix_report_attribute_value_index_rank_report_id": f"""
      SELECT a.report_id FROM (VALUES ({VALUE}, 5)) AS v (value_index, most) CROSS JOIN LATERAL (
        SELECT * FROM report_attribute AS a WHERE a.value_index = v.value_index AND a.links
          AND EXISTS (SELECT FROM lead_membership AS m WHERE m.report_id = a.report_id)
        ORDER BY a.rank, a.report_id LIMIT v.most) AS a""",
    "ix_report_block_key_rank_report_id": f"SELECT report_id FROM report_block WHERE key = {KEY}",
    "pk_report_attribute": "SELECT kind FROM report_attribute WHERE report_id = ANY (:ids)",
    "pk_report": "SELECT traits, rank FROM report WHERE id = ANY (:ids) AND traits IS NOT NULL",
    "pk_link": "SELECT weight FROM link WHERE report_lo = ANY (:ids)",
    "ix_link_report_hi": "SELECT weight FROM link WHERE report_hi = ANY (:ids)",
    "pk_lead_membership": "SELECT lead_id FROM lead_membership WHERE report_id = ANY (:ids)",
}
OF_AN_AGENCY = {
    "ix_lead_score_id": "SELECT id FROM lead WHERE report_count > 0 ORDER BY score DESC, id DESC LIMIT 51",
    "pk_lead": "SELECT * FROM lead WHERE id = (:ids) [1]",
    "ix_lead_membership_lead_id": "SELECT report_id FROM lead_membership WHERE lead_id = (:ids) [1]",
    "pk_report": "SELECT sealed FROM report WHERE id = ANY (:ids)",
}
OF_A_SENDER = {
    "ix_report_organisation_id_id": "SELECT sealed FROM report WHERE organisation_id = (:ids) [1] "
    "ORDER BY id DESC LIMIT 51",
    "pk_report_reference": "SELECT report_id FROM report_reference "
    "WHERE organisation_id = (:ids) [1] AND external_ref = 'r'",
    "pk_feedback": "SELECT status FROM feedback WHERE organisation_id = (:ids) [1] "
    "AND position > 7 ORDER BY position LIMIT 50",
    "ix_feedback_outcome_id_organisation_id": "SELECT sealed FROM outcome WHERE id = (:ids) [1]",
}
CASES = [
    pytest.param(who, index, query, id=f"{who}: {index}")
    for who, queries in (
        ("linker", OF_THE_LINKER),
        ("agency", OF_AN_AGENCY),
        ("sender", OF_A_SENDER),
    )
    for index, query in queries.items()
]


@pytest.mark.parametrize(("who", "index", "query"), CASES)
async def test_a_condition_stays_that_of_its_index(fenced, who, index, query):
    actor = {
        "linker": LINKER,
        "agency": Acting(organisations=frozenset({fenced.stranger}), country="SK", agency=True),
        "sender": senders([fenced.owner]),
    }[who]
    # The tables are small here: that an index could be used is what is asked.
    query = query.replace("(:ids)", f"(ARRAY['{fenced.owner}'] ::uuid[])")
    async with reading(fenced.database.engine, actor) as connection:
        for off in ("enable_seqscan", "enable_bitmapscan"):
            await connection.execute(text(f"SET LOCAL {off} = off"))
        plan = "\n".join(await connection.scalars(text(f"EXPLAIN {query}".replace(":", r"\:"))))
    assert f"using {index}" in plan or f"Backward using {index}" in plan, plan
    assert "Index Cond" in plan or "ORDER BY score" in query, plan
    if "acting_" in plan:
        assert "InitPlan" in plan, plan
