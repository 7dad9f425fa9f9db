"""The reference in the README, made from the code: `python -m tui.reference` rewrites it in place."""

import sys
from pathlib import Path

from data.permissions import PERMISSION_GROUPS
from data.places_of_settings import ENVIRONMENT_PREFIX
from data.policy import DEFAULT_POLICY, POLICY_SENTENCES, policy_rows
from data.query import REFERENCE
from data.settings import Settings
from tui.keymap import ACTIONS, Scope

_DEFAULTS = {
    "keys": "the keys above",
    "database": "`auditdeck.db` in the user's data folder",
    "as_owner": "`false`",
    "zone": "`UTC`",
    "unicode": "as the terminal can",
    "mouse": "`true`",
    "state_file": "`console.json` in the user's state folder",
    "log_file": "`auditdeck.log` in the user's state folder",
}


def keys_table() -> str:
    """Every action with its default keys, as a Markdown table by scope."""
    lines = ["| where | keys | what | id |", "| --- | --- | --- | --- |"]
    for scope in Scope:
        for action in (action for action in ACTIONS if action.scope is scope):
            keys = " ".join(f"`{key}`" for key in action.shown_keys)
            lines.append(f"| {scope.value} | {keys} | {action.help} | `{action.id}` |")
    return "\n".join(lines)


def settings_table() -> str:
    """Every setting, as a Markdown table."""
    lines = ["| setting | environment | default | what |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = _DEFAULTS.get(name) or f"`{field.default}`"
        lines.append(f"| `{name}` | `{ENVIRONMENT_PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


def query_table() -> str:
    """Every key of the query language, as a Markdown table."""
    lines = ["| key | asks | example |", "| --- | --- | --- |"]
    for entry in REFERENCE:
        example = entry.example.replace("|", "\\|")
        lines.append(f"| `{entry.word}` | {entry.asks} | `{example}` |")
    return "\n".join(lines)


def policy_table() -> str:
    """Every rule of the organisation, as a Markdown table."""
    lines = ["| rule | default | what |", "| --- | --- | --- |"]
    for key, value in policy_rows(DEFAULT_POLICY).items():
        lines.append(f"| `{key}` | {f'`{value}`' if value else 'none'} | {POLICY_SENTENCES[key]} |")
    return "\n".join(lines)


def permissions_table() -> str:
    """Every permission of a member, as a Markdown table by group."""
    lines = ["| permission | shown under | lets one |", "| --- | --- | --- |"]
    for group in PERMISSION_GROUPS:
        lines += [f"| `{one}` | {group.name} | {one.words} |" for one in group.permissions]
    return "\n".join(lines)


_SECTIONS = {
    "permissions": permissions_table,
    "keys": keys_table,
    "settings": settings_table,
    "query": query_table,
    "policy": policy_table,
}


def renewed(text: str) -> str:
    """The README's text with every section between `<!-- NAME -->` and `<!-- /NAME -->` made anew."""
    for name, make in _SECTIONS.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _old, end, after = rest.partition(f"<!-- /{name} -->")
        if not begin or not end:
            raise ValueError(f"the README has no section {name}")
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text


def main() -> int:
    """Rewrite the README of the folder one stands in; exit status 1 if it was not up to date."""
    path = Path("README.md")
    old = path.read_text(encoding="utf-8")
    new = renewed(old)
    path.write_text(new, encoding="utf-8")
    return int(old != new)


if __name__ == "__main__":
    sys.exit(main())
