"""The operator's file of outside issuers (TOML), read into `OutsideIssuer`s or refused.

[[issuer]]
issuer = "https://login.police.example"
audience = "tessera"
organisation = "police-sk"                 # id or ref; or organisation_claim and a table
role_claim = ["realm_access", "roles"]
[issuer.roles]
analyst = ["leads:read", "leads:write"]
"""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.domain.access import Scope
from app.domain.outside_issuers import OutsideIssuer

_ADDRESS = r"^https?://[^\s/?#@]+(/[^\s?#]*)?$"


class IssuersFileError(ValueError):
    """The file cannot be read or says something that is not understood; one line."""


class _IssuerIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=_ADDRESS)
    audience: str = Field(min_length=1)
    algorithms: list[Literal["ES256", "RS256"]] = Field(default=["RS256"], min_length=1)
    jwks_url: str | None = Field(default=None, pattern=_ADDRESS)
    organisation: str | None = None
    organisation_claim: str | list[str] | None = None
    organisations: dict[str, str] | None = Field(default=None, min_length=1)
    role_claim: str | list[str]
    roles: dict[str, list[Scope]] = Field(min_length=1)
    token_type: str | None = None
    longest_lifetime_seconds: int = Field(default=3600, ge=60, le=86_400)
    reach: Literal["public", "private"] = "public"

    @model_validator(mode="after")
    def _names_organisations_in_one_way(self) -> Self:
        by_claim = self.organisation_claim is not None and self.organisations is not None
        if by_claim == (self.organisation is not None):
            raise ValueError("either organisation, or organisation_claim with organisations")
        return self


class _FileIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: list[_IssuerIn] = Field(min_length=1)


def read_issuers(path: Path, *, own: str, with_loopback: bool) -> tuple[OutsideIssuer, ...]:
    """The issuers of the file. `own`: the issuer of this installation, which no other may be.
    with_loopback: whether plain http will do, in tests.

    Raises IssuersFileError.
    """
    try:
        given = _FileIn.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise IssuersFileError(f"cannot be read ({type(error).__name__})") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise IssuersFileError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None
    except ValueError:
        raise IssuersFileError("is no TOML in UTF-8") from None
    names = [each.issuer for each in given.issuer]
    if len(set(names)) < len(names) or own in names:
        raise IssuersFileError("an issuer is listed twice, or is this installation itself")
    addresses = [*names, *(each.jwks_url for each in given.issuer if each.jwks_url is not None)]
    if not with_loopback and any(not address.startswith("https://") for address in addresses):
        raise IssuersFileError("issuers and their keys are at https:// addresses")
    return tuple(map(_issuer, given.issuer))


def _issuer(given: _IssuerIn) -> OutsideIssuer:
    return OutsideIssuer(
        issuer=given.issuer,
        audience=given.audience,
        algorithms=tuple(given.algorithms),
        roles={role: frozenset(scopes) for role, scopes in given.roles.items()},
        role_claim=_path(given.role_claim),
        jwks_url=given.jwks_url,
        organisation=given.organisation,
        organisation_claim=_path(given.organisation_claim or []),
        organisations=given.organisations,
        token_type=given.token_type.lower() if given.token_type else None,
        longest_lifetime_seconds=given.longest_lifetime_seconds,
        reach=given.reach,
    )


def _path(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
