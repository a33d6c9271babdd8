"""All settings, read from the environment in this one place; see `docs/settings.md`."""

import os
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from memory.domain.errors import SecondOrderError
from memory.domain.mistakes import said

PREFIX = "SECONDORDER_"


class BadSettings(SecondOrderError):
    """The configuration cannot be used: {problems}. Correct or unset it; docs/settings.md explains each variable."""

    http_status = 422


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("write a full address such as https://example.com")
    return text.rstrip("/")


def _mail_server(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host:465")
    return text


WebAddress = Annotated[str, AfterValidator(_address)]


def _networks(text: str) -> str:
    for part in filter(None, (part.strip() for part in text.split(","))):
        ip_network(part, strict=False)
    return text


MailServer = Annotated[str, AfterValidator(_mail_server)]
Price = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


def _in_home(name: str) -> Any:
    """Give a default that lies in the home folder."""
    return Field(default_factory=lambda data: data["home"] / name)


class Settings(BaseSettings):
    """What an installation can be told from outside. Secrets never show in `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True
    )

    home: Path = Path(".second-order")
    """Folder of everything this installation keeps."""
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['home'] / 'secondorder.db'}", min_length=1, repr=False
    )
    """SQLAlchemy address of the store; SQLite in the home folder by default, `postgresql://...` in production."""
    lake: Path = _in_home("lake")
    """Folder of the facts (Delta tables of Parquet files)."""
    mailbox: Path = _in_home("mailbox")
    """Folder that gets one .eml file per mail where no mail server is set."""
    erasure_journal: Path = _in_home("erasures.jsonl")
    """File of who was erased, as keyed hashes; keep it on another disk than the backups."""
    as_principal: str = Field(default="", validation_alias="SECONDORDER_AS", max_length=64)
    """Who runs commands; the operating system's user where none is given. `--as` wins."""
    shop: str = Field(default="", max_length=64)
    """The shop commands work on; the only granted one where none is given. `--shop` wins."""
    public_url: WebAddress = "http://127.0.0.1:8080"
    """Where the outside reaches this installation; links in messages start with it."""
    host: str = "127.0.0.1"
    """The address `secondorder serve` listens on."""
    port: int = Field(default=8080, ge=1, le=65535)
    """The port `secondorder serve` listens on."""
    llm_base_url: WebAddress = ""
    """Address of an OpenAI-compatible endpoint, ending in /v1; without it everything runs by rule."""
    llm_model: str = ""
    """Name of the language model at that endpoint."""
    llm_api_key: str = Field(default="", repr=False)
    """Key for that endpoint; may be empty for a local server."""
    llm_input_price: Price = Decimal(0)
    """Price of one million input tokens in whole units of the price list's currency."""
    llm_output_price: Price = Decimal(0)
    """Price of one million output tokens in whole units of the price list's currency."""
    llm_price_currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    """Currency of both prices."""
    llm_tools: Literal["all", "few"] = "all"
    """Tools offered to the language model: `few` keeps the prompt short for small ones."""
    llm_max_calls: int = Field(default=16, ge=1, le=200)
    """Most model calls in one plan run or chat turn."""
    llm_max_tokens: int = Field(default=120_000, ge=1_000, le=10_000_000)
    """Most tokens, in and out, in one plan run or chat turn."""
    llm_max_seconds: int = Field(default=600, ge=5, le=7_200)
    """Most seconds one plan run or chat turn may take."""
    llm_max_cost: Price = Decimal(5)
    """Most money one plan run or chat turn may cost, in whole units of the price list's currency."""
    smtp_url: MailServer = Field(default="", repr=False)
    """Mail server for the e-mail channel, such as smtp://user:password@host:587."""
    mail_from: str = "shop@localhost.invalid"
    """From address of mails."""
    webhook_url: WebAddress = ""
    """Where SMS and push messages are posted, signed as the Standard Webhooks specification says."""
    webhook_secret: str = Field(default="", repr=False)
    """Secret that signs them, such as whsec_ followed by base64."""
    webhook_hosts: dict[str, tuple[str, ...]] | None = None
    """Hosts each shop may post to, as JSON; any public one where there is no list."""
    dkim_key: Path | None = None
    """PEM file of the RSA key that signs mails."""
    dkim_domain: str = Field(default="", max_length=253)
    """Domain that signs mails; the From address' own."""
    dkim_selector: str = Field(default="", max_length=63)
    """Selector under which the public key stands in DNS."""
    twilio_url: WebAddress = ""
    """Where the Twilio-compatible SMS contract is spoken; Twilio itself where none is given."""
    twilio_account: str = Field(default="", max_length=64)
    """Account sid for SMS."""
    twilio_token: str = Field(default="", repr=False)
    """Auth token of that account; signs in and checks callbacks."""
    twilio_from: str = Field(default="", max_length=64)
    """Sending number, name or messaging service."""
    fcm_url: WebAddress = ""
    """Where the FCM HTTP v1 contract is spoken; Google itself where none is given."""
    fcm_credentials: Path | None = None
    """JSON file of the Firebase service account for app push."""
    app_scheme: str = Field(default="", pattern=r"^([a-z][a-z0-9+.-]{0,30})?$")
    """The app's own scheme for deep links; the shop's https addresses where none is given."""
    shopify_url: WebAddress = ""
    """Where Shopify's Admin API is spoken, for rehearsals; each shop's own address where none is given."""
    hook_secrets: str = Field(default="", repr=False)
    """Secrets of the inbound provider webhook (whsec_...), separated by spaces: two while one is being replaced."""
    channels_allow_loopback: bool = False
    """Whether HTTP channels may reach this machine over plain HTTP; for rehearsals only."""
    channel_threads: int = Field(default=4, ge=1, le=64)
    """Threads that hand off messages per channel in `serve` and `run`."""
    alert_email: str = Field(default="", max_length=254)
    """Who gets alerts by mail."""
    alert_webhook_url: WebAddress = ""
    """Where alerts are posted, signed as the Standard Webhooks specification says."""
    alert_webhook_secret: str = Field(default="", repr=False)
    """Secret that signs them, such as whsec_ followed by base64."""
    profile: Literal["production", "test"] = "production"
    """`test` lets fault points be armed; never set it where real people can be reached."""
    faults: str = ""
    """Fault points that kill the process, such as K5:3; refused outside of the test profile."""
    max_upload_mb: int = Field(default=512, ge=1, le=102_400)
    """Largest file the HTTP API takes for an import, in MiB."""
    secret_key: str = Field(default="", repr=False)
    """Key that encrypts secrets at rest, 32 characters or more, and backups; secrets go by secrets.key without it."""
    secret_key_before: str = Field(default="", repr=False)
    """The former key, while `secondorder secret rotate` changes to the new one."""
    audit_anchor: Path = _in_home("audit.head")
    """File that remembers the audit log's head; keep it on another disk or host than the database."""
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = ""
    """Addresses or networks of reverse proxies whose X-Forwarded-For counts, separated by commas; none by default."""
    requests_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    """Most requests a minute of one account; an address without a valid token gets as many."""
    oidc_issuer: WebAddress = ""
    """Address of an OpenID provider people may sign in with."""
    oidc_client_id: str = ""
    """The client registered there for this installation."""
    oidc_client_secret: str = Field(default="", repr=False)
    """That client's secret; empty for a public client, which PKCE protects."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged."""
    otel_endpoint: WebAddress = ""
    """OpenTelemetry collector that gets traces (OTLP over HTTP), such as http://127.0.0.1:4318; none by default."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError("LLM_BASE_URL and LLM_MODEL belong together: set both or neither")
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("OIDC_ISSUER and OIDC_CLIENT_ID belong together: set both or neither")
        if any(piece and len(piece) < 32 for piece in (self.secret_key, self.secret_key_before)):
            raise ValueError("SECRET_KEY needs 32 characters or more; make one with `openssl rand -hex 32`")
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_URL needs WEBHOOK_SECRET, so that receivers can trust what arrives")
        if len({bool(self.twilio_account), bool(self.twilio_token), bool(self.twilio_from)}) > 1:
            raise ValueError("TWILIO_ACCOUNT, TWILIO_TOKEN and TWILIO_FROM belong together: set all or none")
        if len({bool(self.dkim_key), bool(self.dkim_domain), bool(self.dkim_selector)}) > 1:
            raise ValueError("DKIM_KEY, DKIM_DOMAIN and DKIM_SELECTOR belong together: set all or none")
        if self.alert_webhook_url and not self.alert_webhook_secret:
            raise ValueError("ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SECRET, so that receivers can trust what arrives")
        if self.faults and self.profile != "test":
            raise ValueError("FAULTS kill processes and are only for the test profile: unset it")
        return self

    @property
    def has_llm(self) -> bool:
        """Say whether a language model is configured."""
        return bool(self.llm_base_url)


def variable(field: str) -> str:
    """Give the environment variable that sets the field."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def load_settings(**overrides: Any) -> Settings:
    """Read the environment; `overrides` win over it. Raises `BadSettings` that names each wrong variable."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise BadSettings(problems="; ".join(_problem(row) for row in error.errors())) from None


def _problem(row: Any) -> str:
    names = [variable(str(part)) if str(part) in Settings.model_fields else str(part) for part in row["loc"]]
    return f"{' '.join(names) or PREFIX + '*'}: {said(row)}"


def unknown_variables() -> tuple[str, ...]:
    """Give the variables that start like ours and set nothing, most often a misspelling."""
    known = {variable(field) for field in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))
