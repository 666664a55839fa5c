"""Where cxtext runs: one TOML file, then environment variables. Nothing is read at import."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from cxtext.errors import ConfigurationError

DEFAULT_FILE = Path("cxtext.toml")


class Privacy(BaseModel):
    """What redaction does with what is not personal in every business."""

    model_config = ConfigDict(extra="forbid")

    addresses: Literal["full", "house_number", "off"] = "house_number"
    keep: list[str] = Field(default_factory=list, description="words never redacted, such as product names")
    keep_days: Annotated[int, Field(ge=0)] = 0  # tickets that are older are erased; 0: nothing is


class Naming(BaseModel):
    """An OpenAI-compatible endpoint that names topics. Off without a URL; it sees redacted text only."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = None
    model: str = ""
    key: SecretStr | None = None
    timeout: Annotated[float, Field(gt=0, le=600)] = 20.0  # seconds per name


class Trends(BaseModel):
    """What the nightly look at trends must know about the company."""

    model_config = ConfigDict(extra="forbid")

    region: str = "DE"  # country, or country and part such as DE-BW: whose public holidays count
    closed: list[date] = Field(default_factory=list, description="days on which the company itself is closed")
    alarms_per_week: Annotated[float | None, Field(gt=0)] = 5.0  # lines at most; None: as many as there are
    units: Path | None = None  # CSV with day, product, units: how much was shipped, for rates per unit


class Alert(BaseModel):
    """One place where messages go: a block [alerts.NAME] with the address of people or of a program."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["email", "webhook"]
    about: list[Literal["new", "rising", "spike", "relapse", "resolved", "failed", "done"]] = [
        "new", "rising", "spike", "relapse", "failed",
    ]  # fmt: skip
    departments: list[str] = Field(default_factory=list, description="keys; only what they own; empty: everything")
    language: Literal["de", "en"] = "de"
    pages: str = Field(default="", description="where the dashboard is, such as https://tickets.example.com")
    to: list[str] = Field(default_factory=list, description="e-mail: who gets it")
    sender: str = "cxtext@localhost"
    host: str = "localhost"
    port: Annotated[int | None, Field(ge=1, le=65535)] = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None  # better from the environment: CXTEXT_ALERTS__NAME__PASSWORD
    url: str = Field(default="", description="webhook: where it is posted")
    form: Literal["standard", "slack", "teams"] = "standard"
    secrets: list[SecretStr] = Field(default_factory=list, description="whsec_…; two while one replaces the other")
    allow_private: bool = False  # receivers in one's own network, and plain http

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        if self.kind == "email" and not self.to:
            raise ValueError("an e-mail needs `to`")
        if self.kind == "webhook" and not self.url:
            raise ValueError("a webhook needs `url`")
        return self


class Settings(BaseSettings):
    """`cxtext.toml`, then `CXTEXT_…`; secrets belong in the environment."""

    model_config = SettingsConfigDict(env_prefix="CXTEXT_", env_nested_delimiter="__", extra="forbid")

    db: str = "sqlite:///cxtext.db"
    recipe: str = "fast"
    languages: Annotated[list[str], Field(min_length=1)] = ["de", "en"]
    timezone: str = "Europe/Berlin"
    language: Literal["de", "en"] | None = None  # of the command line; None: that of the system
    backup: Path | None = None  # where copies of the database lie: `cxtext doctor` watches over their age
    seed: int = 0
    workers: Annotated[int | None, Field(ge=1, le=64)] = None  # processes; None: one, and up to four for much work
    engine: Literal["local", "dask"] = "local"  # who those processes belong to
    scheduler: str | None = None  # of a Dask cluster that is there, like tcp://10.0.0.5:8786; None: one of our own
    cost_per_ticket: Annotated[float | None, Field(ge=0)] = None  # money; for tickets whose source says none
    log: Literal["text", "json"] = "text"  # of runs, on stderr: for people, or a JSON object a line
    metrics_file: Path | None = None  # *.prom: what Prometheus' node_exporter shall know of runs
    models: Path | None = None  # the company's own models folder; also read by cxtext.resources
    secret: SecretStr | None = None  # key of the pseudonyms; made and kept beside the database if absent
    sources: dict[str, dict[str, str]] = Field(default_factory=dict)
    privacy: Privacy = Privacy()
    naming: Naming = Naming()
    trends: Trends = Trends()
    alerts: dict[str, Alert] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone {name!r}; write it like Europe/Berlin") from error
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = cls.model_config.get("toml_file")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(str(file)) if file else None)

    @classmethod
    def load(cls, file: Path | None = None, **overrides: object) -> Self:
        """Settings from `file` (default: `cxtext.toml` if there is one), the environment, then `overrides`.

        Raises:
            ConfigurationError: the file is missing, is no TOML, or holds a name or value that cxtext does not know.
        """
        if file is not None and not file.is_file():
            raise ConfigurationError(f"no configuration file {file}: `cxtext init` writes one")
        chosen = file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)

        class FromFile(cls):  # type: ignore[misc, valid-type]
            model_config = SettingsConfigDict(toml_file=chosen)

        try:
            read = FromFile(**{name: value for name, value in overrides.items() if value is not None})
            return cls.model_construct(**{name: getattr(read, name) for name in cls.model_fields})
        except ValidationError as error:
            raise ConfigurationError(f"{chosen or 'environment'}: {_first_problem(error)}") from error
        except (ValueError, OSError, RecursionError) as error:
            raise ConfigurationError(f"{chosen}: {error}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"there is no setting {where!r}; known: {', '.join(sorted(Settings.model_fields))}"
    return f"{where}: {problem['msg']}"
