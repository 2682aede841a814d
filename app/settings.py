"""The settings: everything that differs between two installations, read once at start.

Read by the entry points and by the migrations only; everything else receives values.
A missing or wrong setting is a `SettingsError` of one line that names it. There is no default
secret: the root key is generated for the embedded database and demanded for any other.
"""

import os
import re
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.crypto.root_keys import weakness_of
from app.domain.outside_issuers import OutsideIssuer
from app.gateways.issuers_file import IssuersFileError, read_issuers

PREFIX = "TESSERA_"
_ENV_FILE = ".env"
_KEY_FILE = "secret.key"
_DATABASE_URL = re.compile(r"^postgres(ql)?://[^\s/]*/[^\s/?]+(\?\S*)?$")


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one line that names it."""


class Settings(BaseSettings):
    """All settings; each is the environment variable of the same name with the prefix TESSERA_."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=_ENV_FILE, extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL 15 to 18; unset: the embedded one under TESSERA_HOME"
    )
    owner_database_url: SecretStr | None = Field(
        default=None, description="the same database as the owner of its tables, for `db upgrade`"
    )
    home: Path = Field(default=Path("var"), description="where the embedded database lives")
    secret_key: SecretStr | None = Field(
        default=None, description="the root key; all other keys are derived from it"
    )
    issuer: str = Field(default="http://localhost:8000", description="issuer of access tokens")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    token_lifetime_seconds: int = Field(default=900, ge=60, le=3600)
    signing_key_days: int = Field(default=30, ge=1, le=365, description="age at which one rotates")
    database_connections: int = Field(default=10, ge=2, le=100, description="pool, per process")
    body_limit_bytes: int = Field(default=1_048_576, ge=65_536, description="of one JSON body")
    client_requests_per_minute: int = Field(
        default=120_000, ge=0, description="of one client, per process; 0: no limit"
    )
    address_requests_per_minute: int = Field(
        default=12_000, ge=0, description="of one address, to public routes; 0: no limit"
    )
    trusted_proxies: str = Field(
        default="", description="networks whose X-Forwarded-For is believed, with commas"
    )
    issuers_file: Path | None = Field(
        default=None, description="TOML: outside OIDC issuers of analysts"
    )
    issuers_loopback: bool = Field(
        default=False, description="for tests: issuers on this machine, by plain http"
    )
    link_batch: int = Field(default=2000, ge=1, le=10_000, description="reports linked at a time")

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _DATABASE_URL.match(url.get_secret_value()):
            raise ValueError("postgresql://user:password@host:port/database is expected")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, networks: str) -> str:
        for each in filter(None, map(str.strip, networks.split(","))):
            ip_network(each)
        return networks

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one that Tessera starts itself."""
        return self.database_url is None

    def root_key(self) -> bytes:
        """The root key; made and kept under `home` (mode 0600) for the embedded database.

        Raises SettingsError where it is missing for an own server, or plainly not random.
        """
        if self.secret_key is not None:
            text = self.secret_key.get_secret_value()
        elif self.is_embedded:
            text = _generated_key(self.home / _KEY_FILE)
        else:
            raise SettingsError("TESSERA_SECRET_KEY is missing (needed with TESSERA_DATABASE_URL)")
        if weakness := weakness_of(text):
            raise SettingsError(f"TESSERA_SECRET_KEY {weakness}")
        return text.encode()

    def issuers(self) -> tuple[OutsideIssuer, ...]:
        """The outside issuers. Raises SettingsError where the file cannot be understood."""
        if self.issuers_file is None:
            return ()
        try:
            return read_issuers(
                self.issuers_file, own=self.issuer, with_loopback=self.issuers_loopback
            )
        except IssuersFileError as error:
            raise SettingsError(f"TESSERA_ISSUERS_FILE {error}") from None

    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of proxies that say whom they speak for."""
        named = filter(None, map(str.strip, self.trusted_proxies.split(",")))
        return tuple(map(ip_network, named))


def load_settings() -> Settings:
    """Read the settings from the environment and `.env`; SettingsError names what is wrong."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    # A name of ours that is none is a slip; other programs' names in the same file are not.
    for name in (*os.environ, *dotenv_values(_ENV_FILE)):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{name} is not a setting of Tessera")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def _generated_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        # Written aside and linked, so that two first starts at once agree on one key.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()
