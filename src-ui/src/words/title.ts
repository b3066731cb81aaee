/** A job's title taken apart, so that names can be set in monospace. */

/** `Import` and `cEOS64-lab-4.35.1F.tar.xz` and `into docker`. */
export interface TitleParts {
  verb: string;
  object: string;
  rest: string;
}

const IMPORT = /^(Import) (.+?)(?: (into \S.*))?$/;

/** A title in no known form is all verb. */
export function titleParts(title: string): TitleParts {
  const [, verb, object, rest] = IMPORT.exec(title) ?? [];
  return verb && object ? { verb, object, rest: rest ?? "" } : { verb: title, object: "", rest: "" };
}

/** What the job is about, for places that have room for nothing else. */
export function subject(title: string): string {
  return titleParts(title).object || title;
}
