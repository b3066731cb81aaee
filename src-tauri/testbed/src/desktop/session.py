"""What a desktop session brings, as far as the window asks for it: the colour scheme, notifications, and a tray.

The colour scheme is that of the settings portal: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
Notifications: https://specifications.freedesktop.org/notification-spec/latest/protocol.html
The tray: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/
A test sets the scheme through an interface of its own. Each notification becomes a line of JSON in the file
`notifications`; each icon that is put into the tray, a line in the file `tray`, with its program's address on the bus
and its path there. The file `session` says that all of it is there.
"""

import json
import os
import sys

from gi.repository import Gio, GLib

HOME = sys.argv[1]
APPEARANCE = "org.freedesktop.appearance"
SCHEME = "color-scheme"
INTERFACES = """
<node>
  <interface name="org.freedesktop.portal.Settings">
    <method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
    <method name="ReadOne"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
    <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
  </interface>
  <interface name="dev.labwright.Testbed">
    <method name="SetColorScheme"><arg type="u" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.Notifications">
    <method name="Notify">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
    </method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <method name="GetServerInformation">
      <arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
    </method>
  </interface>
  <interface name="org.kde.StatusNotifierWatcher">
    <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
    <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
    <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
    <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
    <property name="ProtocolVersion" type="i" access="read"/>
  </interface>
</node>
"""
PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
NOTIFICATIONS = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
TRAY = ("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")


class Session:
    """The state behind the interfaces."""

    def __init__(self):
        self.scheme = 2  # "prefer light"; 1 is "prefer dark", 0 "no preference"
        self.notified = 0

    def call(self, bus, sender, _path, _interface, method, arguments, answer):
        """Answers one call; an unknown setting gets the error that the portal gives."""
        values = arguments.unpack()
        if method in ("Read", "ReadOne"):
            if values != (APPEARANCE, SCHEME):
                answer.return_dbus_error("org.freedesktop.portal.Error.NotFound", "Requested setting not found")
                return
            value = GLib.Variant("u", self.scheme)
            # The older call wraps the value once more.
            value = GLib.Variant("v", value) if method == "Read" else value
            answer.return_value(GLib.Variant("(v)", (value,)))
        elif method == "SetColorScheme":
            self.scheme = values[0]
            change = GLib.Variant("(ssv)", (APPEARANCE, SCHEME, GLib.Variant("u", self.scheme)))
            bus.emit_signal(None, PORTAL[1], "org.freedesktop.portal.Settings", "SettingChanged", change)
            answer.return_value(None)
        elif method == "Notify":
            answer.return_value(GLib.Variant("(u)", (self.notify(values),)))
        elif method == "RegisterStatusNotifierItem":
            write_line("tray", f"{sender} {values[0]}")
            answer.return_value(None)
        elif method == "GetCapabilities":
            answer.return_value(GLib.Variant("(as)", (["body", "actions"],)))
        elif method == "GetServerInformation":
            answer.return_value(GLib.Variant("(ssss)", ("testbed", "Labwright", "1", "1.2")))
        else:
            answer.return_value(None)

    def notify(self, values):
        """Writes a notification down; its number."""
        program, replaces, _icon, summary, body, actions, _hints, _timeout = values
        self.notified += 1
        number = replaces or self.notified
        line = {"id": number, "program": program, "summary": summary, "body": body, "actions": actions}
        write_line("notifications", json.dumps(line))
        return number


def property_of(_bus, _sender, _path, _interface, name):
    """The tray's properties: there is one, and a panel that shows it."""
    values = {
        "RegisteredStatusNotifierItems": GLib.Variant("as", []),
        "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
        "ProtocolVersion": GLib.Variant("i", 0),
    }
    return values.get(name)


def write_line(name, line):
    """Tells the test."""
    with open(os.path.join(HOME, name), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def main():
    """Takes the names, says so, and answers until it is killed."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    session = Session()
    for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
        paths = {NOTIFICATIONS[0]: NOTIFICATIONS[1], TRAY[0]: TRAY[1]}
        path = paths.get(interface.name, PORTAL[1])
        bus.register_object(path, interface, session.call, property_of, None)
    for name, _path in (PORTAL, NOTIFICATIONS, TRAY):
        request = GLib.Variant("(su)", (name, 0))
        bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName", request, None, 0, -1, None)
    open(os.path.join(HOME, "session"), "w", encoding="utf-8").close()
    GLib.MainLoop().run()


main()
