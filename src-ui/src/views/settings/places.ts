import type { Place } from "../../backend/generated/Place";
import type { Places } from "../../backend/generated/Places";

/** One file or folder that can be shown. */
export interface PlaceRow {
  title: string;
  path: string;
  place: Place;
}

export function places(known: Places): PlaceRow[] {
  return [
    { title: "Settings", path: known.settings, place: "settings" },
    { title: "History of jobs", path: known.history, place: "history" },
    { title: "Log", path: known.log, place: "log" },
  ];
}
