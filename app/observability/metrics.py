"""Every counter and histogram, declared here. Labels are codes and route templates only."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "tessera_http_requests_total", "Requests answered", ["method", "route", "status"]
)
REQUEST_SECONDS = Histogram("tessera_http_request_seconds", "Time to answer", ["route"])
REPORTS_ACCEPTED = Counter("tessera_reports_accepted_total", "Submissions by verdict", ["verdict"])
VALUES_NOT_NORMALISED = Counter(
    "tessera_values_not_normalised_total", "Values kept as sent without a comparison form"
)
REPORTS_LINKED = Counter("tessera_reports_linked_total", "Reports placed in a lead")
LINK_SECONDS = Histogram("tessera_link_batch_seconds", "Time of one linking transaction")
LINK_FAILURES = Counter("tessera_link_failures_total", "Linking transactions that failed", ["kind"])
PENDING = Gauge("tessera_reports_pending", "Queue items not yet linked", multiprocess_mode="max")
