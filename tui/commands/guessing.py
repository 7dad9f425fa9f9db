"""`auditdeck import --format guess`: a mapping is proposed from the records, shown with what it makes of them, and written
when it is accepted."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from data.clock import system_clock
from data.errors import AuditdeckError, UnreadableInput
from data.exchange import Format, InputFile, open_input, recognise
from data.exchange.input_file import STANDARD_INPUT
from data.exchange.mapping_files import MAPPING_SUFFIX, says_the_same, write_mapping
from data.exchange.sample import SAMPLE_BYTES
from data.services.importing import refuse_reading_twice
from data.settings import Settings
from tui.commands.failures import Misuse
from tui.commands.output import say, tell
from tui.commands.typing import person_can_type, typed_line
from tui.presenters.event_text import event_lines
from tui.presenters.labelled import labelled_lines

if TYPE_CHECKING:
    from data.exchange.guessing.inputs import Guess

GUESS = "guess"
"""What --format is told for it."""

_BY_HAND = 'the README says under "Any other source" how to write a mapping by hand'
_MOST_NAMED = 3


class Guessed:
    """A guess at what the files of one command line hold.

    Raises Misuse for a mapping file of a name that --format would not take.
    """

    def __init__(self, arguments: Namespace, settings: Settings) -> None:
        self._paths: list[str] = arguments.words
        self._settings = settings
        self._is_accepted: bool = arguments.yes
        # With --json the result alone is on standard output.
        self._write: Callable[[str], None] = tell if arguments.json else say
        self._standard_input: InputFile | None = None
        if arguments.mapping is not None and not arguments.mapping.endswith(MAPPING_SUFFIX):
            raise Misuse(f"--mapping takes the name of a file that ends in {MAPPING_SUFFIX}, as --format does.")
        refuse_reading_twice(self._paths)
        self._source = self._name(arguments.mapping)
        self._mapping: str = arguments.mapping or f"{self._source}{MAPPING_SUFFIX}"

    @property
    def files(self) -> list[str]:
        """All files that are opened."""
        return [*self._paths, self._mapping]

    def open(self, path: str) -> InputFile:
        """An input; standard input is opened once, and what was looked at is read again."""
        if path != STANDARD_INPUT:
            return open_input(path)
        if self._standard_input is None:
            self._standard_input = open_input(path)
        return self._standard_input

    def accepted(self) -> Format | None:
        """The format of the mapping that was accepted, which is in its file by then; None where it was declined.

        Raises AuditdeckError where nothing can be proposed, or the file holds something else; Misuse where nobody can be
        asked.
        """
        guess = self._guess()
        text = guess.proposal.text()
        is_there = self._is_there(text)
        for line in self._shown(guess):
            self._write(line)
        if not self._is_accepted and not self._is_confirmed(is_there):
            tell("auditdeck: Nothing was written, and nothing imported.")
            return None
        if is_there:
            tell(f"{self._mapping} is there already, and says the same.")
        else:
            write_mapping(self._mapping, text)
            tell(f"The mapping is in {self._mapping}.")
        return guess.format

    def _name(self, mapping: str | None) -> str:
        from data.exchange.guessing.inputs import name_of_source

        return name_of_source([mapping] if mapping is not None else self._paths)

    def _guess(self) -> "Guess":
        """Loaded with the first guess, as JMESPath is with the first mapping."""
        from data.exchange.guessing.guess import NoGuess
        from data.exchange.guessing.inputs import InputGuesser

        guesser = InputGuesser(len(self._paths))
        failures: list[UnreadableInput] = []
        for path in self._paths:
            if guesser.has_enough:
                break
            try:
                with self.open(path) as source:
                    guesser.look_at(source)
                    if path == self._paths[0]:
                        self._hint(source)
            except UnreadableInput as failure:
                failures.append(failure)
        if len(failures) == len(self._paths):
            raise failures[0]
        try:
            return guesser.guess(self._source)
        except NoGuess as error:
            raise AuditdeckError(f"cannot guess a mapping of {self._called()}: {error}; {_BY_HAND}") from error

    def _hint(self, source: InputFile) -> None:
        try:
            known = recognise(source)
        except UnreadableInput:
            return
        if source.peek(SAMPLE_BYTES).strip():
            tell(f"{source.name} is known as {known.name}; without --format {GUESS} it is read as that.")

    def _called(self) -> str:
        named = ["standard input" if path == STANDARD_INPUT else path for path in self._paths[:_MOST_NAMED]]
        more = len(self._paths) - len(named)
        return ", ".join(named) + (f" and {more:,} more" if more else "")

    def _is_there(self, text: str) -> bool:
        """Whether the file is there and says this. Raises AuditdeckError where it says something else."""
        if not Path(self._mapping).exists():
            return False
        if says_the_same(self._mapping, text):
            return True
        raise AuditdeckError(
            f"{self._mapping} is there already and says something else: import with --format {self._mapping}, or name "
            "another file with --mapping"
        )

    def _shown(self, guess: "Guess") -> Iterator[str]:
        # With it the store is loaded, for which no other command waits.
        from data.services.import_preview import as_imported

        proposal = guess.proposal
        looked = "the one record" if proposal.records == 1 else f"the first {proposal.records:,} records"
        yield f"What {looked} of {self._called()} may mean:"
        yield ""
        yield from labelled_lines(
            [
                (shown.label, f"{shown.places}, {shown.reason}" if shown.places else shown.reason)
                for shown in proposal.shown()
            ]
        )
        for number, draft in enumerate(guess.examples, 1):
            yield ""
            yield f"Example {number} of {len(guess.examples)}:"
            yield ""
            yield from event_lines(as_imported(draft, system_clock), self._settings.zone)
        yield ""
        lost = sum(count for _, count in guess.unread)
        if lost:
            yield f"{guess.read:,} of {guess.read + lost:,} records can be read in this way; the others are rejected:"
            for reason, count in guess.unread:
                yield f"  {count:,}: {reason}"
            yield ""

    def _is_confirmed(self, is_there: bool) -> bool:
        if STANDARD_INPUT in self._paths:
            raise Misuse(
                "Standard input is what is imported, so nobody can answer there; say --yes to accept what is guessed."
            )
        if not person_can_type():
            raise Misuse("What is guessed is accepted on a terminal, and here is none; say --yes to accept it.")
        wish = "Import with it?" if is_there else f"Write it to {self._mapping} and import with it?"
        return typed_line(f"{wish} Type yes: ").lower() in ("y", "yes")
