"""Compares what a plan's nodes require with what this Python has installed. Changes nothing.

Its argument is a file with a line for each file of requirements: `file`, the node's number, the path, separated by the byte
0x1f. It prints the runner's events without their number and time, one a line: the type, a space, and the fields. All at
once, at the end: what reads them either has everything or knows that nothing is known.
"""

import json
import os
import re
import subprocess
import sys
from collections import namedtuple

try:
    from importlib import metadata
except ImportError:
    metadata = None
try:
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
except ImportError:
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        Requirement = None

# How much of a text an event holds, in bytes of JSON: with three texts it stays below the contract's 3900.
LIMIT = 1000
# How many nodes a conflict names.
NODES = 100
CONFLICT = re.compile(
    r"^(?P<package>\S+) \S+ (?:requires (?P<absent>[A-Za-z0-9._-]+)|has requirement (?P<other>[A-Za-z0-9._-]+)"
    r"|is not supported on this platform)"
)
# Options of a requirement's line, such as --hash or --config-settings.
OPTIONS = re.compile(r"\s--?[A-Za-z].*$")
COMMENT = re.compile(r"(^|\s+)#.*$")
EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
ARCHIVE = re.compile(r"^[^@]*(?:/|\.whl|\.zip|\.tar\.[a-z0-9]+)$|^[^@;=<>~!]*/")
URL = re.compile(r"^(?:[a-z]+\+)?[a-z][a-z0-9+.-]*://|^git@", re.IGNORECASE)

Finding = namedtuple("Finding", "requirement state found text package")


def canonical(name):
    """A package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(name):
    """The installed version of a package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def logical_lines(path):
    """The lines of a file of requirements, with continued ones joined and comments gone."""
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        text = re.sub(r"\\\r?\n", " ", file.read())
    for line in text.splitlines():
        line = " ".join(COMMENT.sub("", line).split())
        if line:
            yield line


def option_value(line, names):
    """What an option of these names is given, or None if the line is another one."""
    for name in names:
        match = re.match(re.escape(name) + (r"(?:\s+|=)(.+)$" if name.startswith("--") else r"\s*(.+)$"), line)
        if match:
            return match.group(1).strip().strip("\"'")
    return None


def findings(path, seen):
    """What a file of requirements, and those it includes, come to."""
    if os.path.realpath(path) in seen:
        return
    seen.add(os.path.realpath(path))
    try:
        lines = list(logical_lines(path))
    except OSError as error:
        yield Finding(os.path.basename(path), "unknown", "", "It cannot be read: %s." % error.strerror, None)
        return
    for line in lines:
        included = option_value(line, ["-r", "--requirement"])
        constraints = option_value(line, ["-c", "--constraint"])
        editable = option_value(line, ["-e", "--editable"])
        if included or constraints:
            yield from included_findings(os.path.dirname(path), included, constraints, seen)
        elif editable:
            yield without_version(editable)
        elif not line.startswith("-"):
            yield judge_or_admit(OPTIONS.sub("", line).strip())


def included_findings(folder, included, constraints, seen):
    """What an included file comes to. A file of constraints requires nothing by itself."""
    name = included or constraints
    if URL.match(name):
        yield Finding(name, "unknown", "", "It is not read over the network.", None)
    elif included:
        yield from findings(os.path.join(folder, name), seen)
    else:
        yield from unsatisfied_constraints(os.path.join(folder, name), seen)


def unsatisfied_constraints(path, seen):
    """The constraints that an installed package does not meet."""
    for finding in findings(path, seen):
        if finding.state not in ("missing", "satisfied", "not_needed"):
            yield finding


def judge_or_admit(line):
    """What one requirement comes to. An odd one must not take away what is known of the others."""
    try:
        return judge(line)
    except Exception as error:  # noqa: BLE001 (packages are installed damaged in many ways)
        return Finding(line, "unknown", "", "It cannot be compared: %s" % error, None)


def judge(line):
    """What one requirement comes to."""
    if URL.match(line) or line.startswith((".", "/", "~")) or ARCHIVE.search(line):
        return without_version(line)
    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        return Finding(line, "unparseable", "", str(error).splitlines()[0], None)
    return compare(line, requirement)


def compare(line, requirement):
    """What a requirement comes to that names a package."""
    package = canonical(requirement.name)
    # A marker that asks for an extra is about somebody who asked for the package with that extra: nobody did.
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return Finding(line, "not_needed", "", "", package)
    version = installed(requirement.name)
    if version is None:
        return Finding(line, "missing", "", "", package)
    if requirement.url:
        return Finding(line, "unknown", version, "It is installed; whether from there is not known.", package)
    if requirement.specifier.contains(version, prereleases=True):
        return Finding(line, "satisfied", version, "", package)
    return Finding(line, "mismatch", version, "%s is wanted." % requirement.specifier, package)


def without_version(line):
    """What a requirement comes to that names a place: there is no version to compare."""
    egg = EGG.search(line)
    if not egg:
        return Finding(line, "unknown", "", "It names no package to look for.", None)
    version = installed(egg.group(1))
    if version is None:
        return Finding(line, "missing", "", "", canonical(egg.group(1)))
    text = "It is installed; whether from there is not known."
    return Finding(line, "unknown", version, text, canonical(egg.group(1)))


def bounded(text):
    """The beginning of a text that fits."""
    # What is no text cannot be sent as text.
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    while len(json.dumps(text)) > LIMIT:
        text = text[: len(text) * 3 // 4]
    return text


def event(kind, **fields):
    """One event as the runner takes it."""
    return "%s ,%s" % (kind, json.dumps(fields, separators=(",", ":"))[1:-1])


def wanted_files(path):
    """The files to look at: pairs of a node's number and a path."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for line in file.read().split("\n"):
            fields = line.split("\x1f")
            if len(fields) == 3:
                yield int(fields[1]), fields[2]


def conflicts(requirers):
    """The events of `pip check`."""
    check = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
    )
    found = []
    for line in check.stdout.splitlines():
        match = CONFLICT.match(line)
        if match:
            names = [canonical(name) for name in match.group("package", "absent", "other") if name]
            nodes = sorted(set().union(*(requirers.get(name, set()) for name in names)))
            found.append(event("conflict", nodes=nodes[:NODES], text=bounded(line)))
    if check.returncode == 0:
        return [event("checked", conflicts="none")]
    return found + [event("checked", conflicts="some" if found else "unknown")]


def main(path):
    """Prints what there is to say."""
    sys.dont_write_bytecode = True
    if metadata is None or Requirement is None:
        sys.exit("no importlib.metadata, or no packaging")
    events, requirers = [], {}
    for node, file in wanted_files(path):
        for finding in findings(file, set()):
            requirers.setdefault(finding.package, set()).add(node)
            texts = (bounded(text) for text in finding[:4])
            events.append(event("finding", node=node, **dict(zip(Finding._fields, texts))))
    events += conflicts(requirers)
    print("\n".join(events))


if __name__ == "__main__":
    main(sys.argv[1])
