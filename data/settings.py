"""Settings, per process: flag > environment AUDITDECK_* > TOML file > default. The reference is made from this file."""

import os
import shlex
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as SourceError,
)

from data.errors import SettingsError
from data.hostile import holds_hostile
from data.mail.model import MailServer, Security
from data.places_of_settings import (
    ENVIRONMENT_PREFIX,
    SETTINGS_FILE_VARIABLE,
    FramesName,
    LogLevel,
    ThemeName,
    data_folder,
    flat_keys,
    origins_of,
    settings_file,
    state_folder,
)
from data.proof.places import SealingPlaces
from data.setting_in_force import DEFAULT, SettingInForce, in_words


class Settings(BaseSettings):
    """Every setting, each documented by its description."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid", frozen=True)

    database: str = Field(
        default_factory=lambda: str(data_folder() / "auditdeck.db"),
        description="Where the log is: a file's path for an embedded database, or postgresql+psycopg://USER@HOST/NAME.",
    )
    as_owner: bool = Field(
        default=False,
        description="Whether a shared database is opened by a login that owns its tables, or a superuser, too: no grant binds "
        "these.",
    )
    zone: ZoneInfo = Field(
        default_factory=lambda: ZoneInfo("UTC"),
        description="The time zone in which times are shown and dates in a query are read, by its IANA name.",
    )
    theme: ThemeName = Field(
        default=ThemeName.DARK,
        description="The console's colours: dark, light, high-contrast, or terminal for the terminal's own 16, which is "
        "also taken where it has no more, or NO_COLOR is set.",
    )
    unicode: bool | None = Field(
        default=None,
        description="Whether more than ASCII may be written; if not set, as encoding, locale and TERM let expect.",
    )
    mouse: bool = Field(
        default=True, description="Whether the console has the mouse; without it the terminal selects text as ever."
    )
    frames: FramesName = Field(
        default=FramesName.AUTO,
        description="What leaves for the terminal: auto, what has changed; stock, as Textual does.",
    )
    log_file: Path = Field(
        default_factory=lambda: state_folder() / "auditdeck.log",
        description="The program's own operational log; at 1 MB it is rotated, three old ones are kept.",
    )
    state_file: Path | None = Field(
        default_factory=lambda: state_folder() / "console.json",
        description="What the console keeps for you: your last query on each database. If empty, it keeps nothing.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO, description="How much the operational log tells: debug, info, warning or error."
    )
    gateway_durable: bool = Field(
        default=False,
        description="Whether the gateway commits a request before it is answered; otherwise a crash may lose half a second "
        "of requests.",
    )
    smtp_host: str | None = Field(
        default=None,
        description="The mail server that sends invitations. If not set, whoever invites passes the text on.",
    )
    smtp_port: int | None = Field(
        default=None, ge=1, le=65535, description="Its port; if not set, 587, or 465 for tls, or 25 for none."
    )
    smtp_security: Security = Field(
        default=Security.STARTTLS,
        description="How the way to it is made safe: starttls, tls from the first byte, or none, for a server on this "
        "machine.",
    )
    smtp_user: str | None = Field(default=None, description="By what name it knows us, if it asks.")
    smtp_password: SecretStr | None = Field(
        default=None, description="The password of that name; shown nowhere, and never sent without TLS."
    )
    mail_from: str | None = Field(
        default=None, description="What invitations are from: an address, or Name <address>. Needed with smtp_host."
    )
    join_command: str | None = Field(
        default=None,
        description="What an invitation tells to type, as ssh console@audit.example.org join; if not set, auditdeck join.",
    )
    sealing_key: Path | None = Field(
        default=None,
        description="The file of the key that seals the log. If not set, it lies beside an embedded database, and for a "
        "shared one in the data folder of whoever runs the keeper, under the log's own id.",
    )
    checkpoint_file: Path | None = Field(
        default=None, description="A file that the keeper replaces with each checkpoint: where others can read it."
    )
    checkpoint_command: str | None = Field(
        default=None,
        description="A program and its arguments, which the keeper starts once a minute, if there is a new checkpoint, with "
        "that on its standard input.",
    )
    keys: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Keys of your own: a table of an action's id and its key, or a list of keys; an empty list for none.",
    )

    _origins: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def may_create_database(self) -> bool:
        """Whether a question may make the database: only the one of nobody's choice. A path that was typed may be mistyped."""
        return "database" not in self.model_fields_set

    def in_force(self, database: str) -> tuple[SettingInForce, ...]:
        """Every setting with where it came from. `database` is how the database's address is shown: without a password."""
        return tuple(
            SettingInForce(
                name,
                database if name == "database" else in_words(getattr(self, name)),
                self._origins.get(name, DEFAULT),
                field.description or "",
            )
            for name, field in type(self).model_fields.items()
        )

    @property
    def mail_server(self) -> MailServer | None:
        """What sends mail; None if nothing does."""
        if self.smtp_host is None or self.mail_from is None:
            return None
        return MailServer(
            self.smtp_host,
            self.smtp_port or self.smtp_security.usual_port,
            self.smtp_security,
            self.mail_from,
            self.smtp_user,
            None if self.smtp_password is None else self.smtp_password.get_secret_value(),
        )

    @property
    def sealing_places(self) -> SealingPlaces:
        """Where the keeper finds its key, and where checkpoints go."""
        return SealingPlaces(
            self.sealing_key,
            data_folder(),
            self.checkpoint_file,
            tuple(shlex.split(self.checkpoint_command or "")),
        )

    @field_validator("checkpoint_command")
    @classmethod
    def _can_be_split(cls, value: str | None) -> str | None:
        try:
            shlex.split(value or "")
        except ValueError as error:
            raise ValueError(f"it is no command line: {error}") from None
        return value

    @field_validator(
        *("smtp_host", "smtp_port", "smtp_user", "smtp_password", "mail_from", "join_command"),
        *("sealing_key", "checkpoint_file", "checkpoint_command"),
        mode="before",
    )
    @classmethod
    def _none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("smtp_host", "smtp_user", "join_command", "checkpoint_command")
    @classmethod
    def _plain(cls, value: str | None) -> str | None:
        if value is not None and (holds_hostile(value) or not value.strip()):
            raise ValueError("it holds a control character, or nothing")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        # Where it is set, and not at each start.
        from email.utils import parseaddr

        from data.access.details import email_problem

        if value is not None and (holds_hostile(value) or email_problem(parseaddr(value)[1]) is not None):
            raise ValueError(f"{value!r} is neither an address nor a name with one, as Audit <audit@example.org>")
        return value

    @model_validator(mode="after")
    def _whole_mail(self) -> Self:
        if self.smtp_host is not None and self.mail_from is None:
            raise ValueError("the setting smtp_host needs mail_from beside it")
        if (self.smtp_user is None) is not (self.smtp_password is None):
            raise ValueError("the settings smtp_user and smtp_password need each other")
        if self.smtp_password is not None and self.smtp_security is Security.NONE:
            raise ValueError("the setting smtp_password is not sent without TLS; set smtp_security")
        return self

    @field_validator("keys", mode="before")
    @classmethod
    def _keys_by_action(cls, value: object) -> object:
        return dict(flat_keys(value)) if isinstance(value, Mapping) else value

    @field_validator("zone", mode="before")
    @classmethod
    def _known_zone(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # unknown, absolute or `..`, a folder
            raise ValueError(f"{value!r} is not a time zone; write an IANA name such as Europe/Berlin") from None

    @field_validator("state_file", mode="before")
    @classmethod
    def _nowhere(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("log_file", "state_file", "sealing_key", "checkpoint_file")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        try:
            return value.expanduser()
        except RuntimeError:
            raise ValueError(f"{value} is in the home folder of a user who is not known here") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())

    def as_begun(self, values: Mapping[str, object], origins: Mapping[str, str]) -> Self:
        """The same, but for the settings that have these values already, the given ones of them from these origins."""
        begun = self.model_construct(
            (self.model_fields_set - values.keys()) | (origins.keys() & values.keys()),
            **{**{name: getattr(self, name) for name in type(self).model_fields}, **values},
        )
        begun._origins = {name: came for name, came in self._origins.items() if name not in values} | dict(origins)
        return begun


def _known(values: Mapping[str, object]) -> Collection[str]:
    return values.keys() & Settings.model_fields.keys()


def load_settings(**flags: Any) -> Settings:  # noqa: ANN401
    """The settings in force; `flags` are those given on the command line, None for one that was not.

    Raises SettingsError naming the setting and what is wrong with it.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    named = os.environ.get(SETTINGS_FILE_VARIABLE)
    if named and not Path(named).is_file():
        raise SettingsError(f"{SETTINGS_FILE_VARIABLE} names {named}, which is no file.")
    try:
        settings = Settings(**given)
        settings._origins = origins_of(
            _known(TomlConfigSettingsSource(Settings, settings_file())()), _known(EnvSettingsSource(Settings)()), given
        )
        return settings
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if not name:  # several settings that do not go together, which the sentence names
            sentence = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{sentence[:1].upper()}{sentence[1:]}.") from error
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"Unknown setting {name!r} in {settings_file()}.") from error
        raise SettingsError(f"The setting {name!r} is wrong: {first['msg'].removeprefix('Value error, ')}.") from error
    except SourceError as error:
        raise SettingsError(f"A setting in the environment is no JSON where it has to be: {error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{settings_file()} cannot be read: {error}.") from error
