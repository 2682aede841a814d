# Shortcuts. `make` or `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help dev test check openapi migration bench

help:  ## List what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dev:  ## Install everything and serve on port 8000 (embedded database under ./var)
	uv sync
	uv run tessera serve

test:  ## Run all tests
	uv run pytest

check:  ## Run linter, format, types, layers and the comparison of the API document
	uv run ruff check .
	uv run ruff format --check .
	uv run mypy
	uv run lint-imports
	uv run tessera openapi | diff -u openapi/openapi.json - || { echo "run: make openapi"; exit 1; }

openapi:  ## Write the API document after a change of the API
	@mkdir -p openapi
	uv run tessera openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

migration:  ## Write a migration after a change of the tables: make migration m="what it does"
	@test -n "$(m)" || { echo 'say what it does: make migration m="what it does"'; exit 1; }
	uv run tessera db upgrade
	uv run alembic revision --autogenerate --rev-id "$$(date -u +%Y%m%d_%H%M)" -m "$(m)"
	uv run ruff format --quiet migrations/versions

bench:  ## Measure single reports and batches against their baselines (see bench/)
	uv run python -m bench.posts
	uv run python -m bench.batch
	uv run python -m bench.linking
	uv run python -m bench.assessing
	uv run python -m bench.hubs
	uv run python -m bench.freshness --keep var/bench
	uv run python -m bench.reading --keep var/bench
