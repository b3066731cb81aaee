"""The menu of an icon in the tray. Arguments: its program's address on the bus, its path, and a label to choose.

Without a label it prints all labels, a line each. https://github.com/AyatanaIndicators/libdbusmenu, `dbus-menu.xml`
"""

import sys

from gi.repository import Gio, GLib

address, path, *chosen = sys.argv[1:]
bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(target, interface, method, arguments):
    """Calls the program and waits for its answer."""
    return bus.call_sync(address, target, interface, method, arguments, None, 0, -1, None).unpack()


wanted = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", "Menu"))
(menu,) = call(path, "org.freedesktop.DBus.Properties", "Get", wanted)
MENU = "com.canonical.dbusmenu"
_revision, (_root, _properties, entries) = call(menu, MENU, "GetLayout", GLib.Variant("(iias)", (0, -1, [])))
labels = {properties["label"]: number for number, properties, _below in entries if "label" in properties}
if chosen:
    event = GLib.Variant("(isvu)", (labels[chosen[0]], "clicked", GLib.Variant("i", 0), 0))
    call(menu, MENU, "Event", event)
else:
    print("\n".join(labels))
