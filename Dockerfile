# Two stages: the first builds a virtual environment with uv, the second holds that and Python only.
FROM python:3.13-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/tessera
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /source

# Dependencies change less often than the code: a layer of their own. Wheels only; there is no compiler.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project --no-build

COPY README.md LICENSE ./
COPY migrations ./migrations
COPY app ./app
RUN uv sync --locked --no-dev --no-editable

FROM python:3.13-slim

# A user with a name and without rights: PostgreSQL's initdb (for the embedded database) asks for one.
RUN useradd --system --create-home --home-dir /home/tessera --shell /usr/sbin/nologin tessera \
    && install --directory --owner=tessera --group=tessera --mode=0700 /var/lib/tessera
COPY --from=build /opt/tessera /opt/tessera

ENV PATH=/opt/tessera/bin:$PATH PYTHONUNBUFFERED=1 TESSERA_HOME=/var/lib/tessera
USER tessera
WORKDIR /home/tessera
VOLUME /var/lib/tessera
EXPOSE 8000
STOPSIGNAL SIGTERM

# Whether the process lives. Whether it is ready is /readyz, for whoever routes requests.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

CMD ["tessera", "serve", "--host", "0.0.0.0"]
