"""A window that files can be dragged out of. Arguments: its place (x, y), and the files. Each event is a line:

`ready X Y` (where to take hold), `begun`, `asked` (the window below wants the files), `failed RESULT`, `ended ACTION`.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402: the versions must be said first

WIDTH, HEIGHT = 160, 40


def say(*words):
    """Tells the test, at once."""
    print(*words, flush=True)


def main():
    """Shows the window and serves drags until it is killed."""
    x, y = int(sys.argv[1]), int(sys.argv[2])
    uris = [GLib.filename_to_uri(path) for path in sys.argv[3:]]
    window = Gtk.Window(title="files to drag")
    window.set_default_size(WIDTH, HEIGHT)
    window.move(x, y)
    window.add(Gtk.Label(label=f"{len(uris)} files"))
    window.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    window.drag_source_add_uri_targets()

    def give(_window, _context, data, _info, _time):
        data.set_uris(uris)
        say("asked")

    def failed(_window, _context, result):
        say("failed", result.value_nick)
        return True  # no animation back

    window.connect("drag-begin", lambda *_: say("begun"))
    window.connect("drag-data-get", give)
    window.connect("drag-failed", failed)
    window.connect("drag-end", lambda _window, context: say("ended", context.get_selected_action().first_value_nick or "none"))
    window.connect("map-event", lambda *_: say("ready", x + WIDTH // 2, y + HEIGHT // 2))
    window.show_all()
    Gtk.main()


main()
