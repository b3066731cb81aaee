/** What errors say to do, as it is done in a window. */

import type { ErrorReport } from "../backend/generated/ErrorReport";

const ANEW = "Apply the lab's file again: it makes the patchbay anew, and all links with it.";
const LISTED = "The lab's table lists all its links.";

/**
 * By the error's code, what to do here instead of what a terminal would type; null where a command only follows words that
 * say enough.
 */
const HERE: Record<string, string | null> = {
  capture_ended: LISTED,
  image_missing: "Pull it, or import a file under its name.",
  lab_of_another_file: null,
  lab_parts: null,
  lab_unknown: "The list has the labs that are there.",
  link_end_not_linked: LISTED,
  link_end_unknown: LISTED,
  node_command: null,
  node_ended: null,
  node_gone: null,
  node_not_ready: null,
  node_not_running: "Start it. Its log says why it ended, if nobody stopped it.",
  node_ports: null,
  node_unknown: "The drawing has all nodes of the lab.",
  node_will_not_come_up: null,
  patchbay_missing: ANEW,
  patchbay_silent: ANEW,
  patchbay_stopped: "Apply the lab's file again: it starts the patchbay.",
  patchbay_version: ANEW,
};

/** The hints of an error, without what only a terminal understands where the code is known. */
export function hintsHere({ code, hints }: Pick<ErrorReport, "code" | "hints">): string[] {
  if (!(code in HERE)) return hints;
  return [...new Set(hints.flatMap((hint) => (/\blw [a-z]/.test(hint) ? inWindow(hint, HERE[code] ?? null) : [hint])))];
}

/** `Start it, and save again: lw node start dc1 leaf1` is said without the command. */
function inWindow(hint: string, instead: string | null): string[] {
  const before = /^(.+?): lw [a-z]/.exec(hint)?.[1];
  if (before) return [`${before}.`];
  return instead === null ? [hint] : [instead];
}
