/** A job's title taken apart, so that names can be set in monospace. */

/** `Import` and `cEOS64-lab-4.35.1F.tar.xz` and `into docker`. */
export interface TitleParts {
  verb: string;
  object: string;
  rest: string;
}

/** What a job does, and the word after what it does it with. */
const FORMS = [/^(Import|Pull) (.+?)(?: (into \S.*))?$/, /^(Save) (.+?)(?: (to \S.*))?$/, /^(Copy) (.+?)(?: (from \S.*))?$/];

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

/** The job in a sentence that is heard: `Import of a.tar`, `Deploy dc1 on Docker`. */
export function spoken(title: string): string {
  const { verb, object } = titleParts(title);
  return object ? `${verb} of ${object}` : title;
}
