/** A job's title taken apart, so that names can be set in monospace. */

/** `Import` and `cEOS64-lab-4.35.1F.tar.xz` and `into docker`. */
export interface TitleParts {
  verb: string;
  object: string;
  rest: string;
}

/** What a job does, and the word after what it does it with. */
const FORMS = [
  /^(Import|Pull) (.+?)(?: (into \S.*))?$/,
  /^(Save) (.+?)(?: (to \S.*))?$/,
  /^(Copy) (.+?)(?: (from \S.*))?$/,
  /^(Install|Verify|Repair) (.+?)(?: (on \S+))?$/,
];

/** What such a job does cannot be said as “the verify of”. */
const DONE_THERE = /^(Install|Verify|Repair)$/;

/** A title in no known form is all verb. */
export function titleParts(title: string): TitleParts {
  const form = FORMS.find((known) => known.test(title));
  const [, verb, object, rest] = form?.exec(title) ?? [];
  return verb && object ? { verb, object, rest: rest ?? "" } : { verb: title, object: "", rest: "" };
}

/** What the job is about, for places that have room for nothing else. */
export function subject(title: string): string {
  return titleParts(title).object || title;
}

/** Where a job works, if it is not this machine: `on gpu-7`. Which of several hosts it is must be said wherever there is room. */
export function whereabout(title: string): string {
  const { verb, rest } = titleParts(title);
  return DONE_THERE.test(verb) ? rest : "";
}

/** The job in a sentence that is heard: `Import of a.tar`, `Deploy dc1 on Docker`, `Verify a.csv on gpu-7`. */
export function spoken(title: string): string {
  const { verb, object } = titleParts(title);
  return object && !DONE_THERE.test(verb) ? `${verb} of ${object}` : title;
}
