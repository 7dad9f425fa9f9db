"""A `virtual_size` for widgets whose size is given to them and never asks anything of the layout."""

from textual.geometry import Size
from textual.reactive import Reactive


def still_size() -> Reactive[Size]:
    """To be set as `virtual_size` of a widget's class.

    Textual's own lays out the whole screen again when it changes, so that scrollbars can come and go. What the deck places has
    none, and the second layout would paint every card a second time; in a box for text it would come with each letter.
    """
    return Reactive(Size(0, 0), layout=False, repaint=False)
