"""What a form is about: its fields, what can stand in them, and what saving does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from data.errors import AuditdeckError
from tui.presenters.check_rows import Option
from tui.presenters.form import Beside

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Saved_co = TypeVar("Saved_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `name` as the services know it, `label` as it is read. With `options`, what there is to tick in it."""

    name: str
    label: str
    most_characters: int = 1_200
    typed_over: bool = False
    """Whether what is typed first takes the place of what stood there."""
    is_tall: bool = False
    """Whether what is said below it may take several rows."""
    options: tuple[Option, ...] | None = None


@dataclass(frozen=True, slots=True)
class Judged(Generic[Saved_co]):
    """What a form comes to as it is filled in: a sentence for each field that is wrong, or what saves it."""

    problems: Mapping[str, str]
    save: "Callable[[AuditLog], Saved_co] | None" = None
    """Called in a thread; raises what the services raise. None while something is wrong."""
    remark: str = ""
    """What saving would bring about, where that is to be known before."""


class FormPlan(Protocol[Saved_co]):
    """What one form is about. It knows no widgets, and what changes while one types is given to it."""

    @property
    def newest(self) -> "Callable[[AuditLog], FormPlan[Saved_co]] | None":
        """What reads the same form as of now, in a thread: asked for once when the form opens; None where it is so."""

    @property
    def headline(self) -> tuple[str, str]:
        """What the form does, and a remark beside it."""

    @property
    def fields(self) -> Sequence[Field]: ...

    @property
    def kept(self) -> Mapping[str, str]:
        """What stands in the fields of the thing as it is: a form with the same in it has nothing to save."""

    @property
    def wanted(self) -> Mapping[str, str]:
        """What stands in the fields when the form opens."""

    @property
    def beside(self) -> Mapping[str, Beside]:
        """The other values that are shown from the start."""

    def judge(self, texts: Mapping[str, str]) -> Judged[Saved_co]:
        """What the form comes to with these texts in its fields."""

    def hint(self, field: str, text: str) -> str:
        """What is said below a field with this text, where nothing is wrong with it."""

    def shown(self, field: str, text: str) -> str:
        """A value of a field as it is read on one line."""

    def after(self, error: AuditdeckError) -> "FormPlan[Saved_co] | None":
        """The same form of the thing as another editor left it, if that is what the error tells; else None."""
