import type { ErrorReport } from "../backend/generated/ErrorReport";

/** What a promise of the backend failed with. Anything but a report is a fault on the way. */
export function asReport(error: unknown): ErrorReport {
  if (isReport(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: "window_internal",
    message: "the window could not ask the program",
    hints: ["Close the window and open it again; jobs are not touched by that."],
    chain: why ? [why] : [],
  };
}

function isReport(error: unknown): error is ErrorReport {
  return typeof error === "object" && error !== null && "code" in error && "message" in error && "hints" in error;
}
