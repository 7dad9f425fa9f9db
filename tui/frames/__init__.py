"""What leaves for the terminal: of each frame, the cells that have changed and nothing else.

Textual draws whole regions anew for each change of them, 20 kB for a card's turn at 120x40. Here a frame goes through:

- `cells`: the compositor's strips become rows of cells, a character and a look for each;
- `canvas`: the rows as they should stand on the terminal by now;
- `encoder`: the difference from what was sent before, with the terminal's own scrolling (`scrolling`), erasing and the
  shortest changes of looks (`looks`), as far as that terminal is known to understand them (`traits`);
- `pace`: when it may leave: not before the terminal has said that it has shown the one before;
- `framed_app`: all this in place of what Textual would write. What of Textual's own that rests on, the tests have in
  `tests/unit/tui/frames/test_contract.py`.
"""
