"""The clipboard of another program: `put TEXT` offers a text until it is killed, `get` prints what is offered."""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402: the versions must be said first

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
if sys.argv[1] == "put":
    clipboard.set_text(sys.argv[2], -1)
    print("offered", flush=True)
    Gtk.main()
else:
    print(clipboard.wait_for_text() or "", end="")
