/** What the window says of terminals. */

import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { TerminalEvent } from "../../../backend/generated/TerminalEvent";
import type { TerminalKind } from "../../../backend/generated/TerminalKind";
import { hintsHere } from "../../../words/hints";
import { sentence } from "../../../words/sentence";

/** Which program of which node. */
export interface TerminalPlace {
  lab: string;
  node: string;
  what: TerminalKind;
}

/** `console of leaf1`. */
export function ofNode({ what, node }: TerminalPlace): string {
  return `${what === "logs" ? "log" : what} of ${node}`;
}

/** What screen readers call it; the way out is part of it, because Tab is the program's. */
export function label(place: TerminalPlace): string {
  const named = ofNode(place);
  const said = named.charAt(0).toUpperCase() + named.slice(1);
  return place.what === "logs" ? said : `${said}, F6 leaves it`;
}

/** The lines in the terminal after its end. */
export function endWords(place: TerminalPlace, event: TerminalEvent): string[] {
  if (event.type === "failed") return [...failure(event.error), "Enter tries again."];
  if (place.what === "logs") return [`The log of ${place.node} ended with the node. Enter opens it again.`];
  return [`The ${ofNode(place)} ended with exit code ${event.exit_code}. Enter opens it again.`];
}

/** The line while it waits for its node. */
export function waitWords(place: TerminalPlace, isBooting: boolean): string {
  return isBooting
    ? `${place.node} is not ready yet. Its console opens by itself when it is.`
    : `${place.node} does not run. This opens by itself when it does.`;
}

/** The line before it goes on. */
export function againWords(place: TerminalPlace): string {
  return place.what === "logs" ? `${place.node} runs again. Its log, from its last lines on:` : `${place.node} runs again.`;
}

function failure(error: ErrorReport): string[] {
  return [sentence(error.message), ...error.chain.map((cause) => `because ${cause}`), ...hintsHere(error)].map(withoutControls);
}

/** What nodes and engines say may have codes in it that a terminal would follow. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ").trim();
}
