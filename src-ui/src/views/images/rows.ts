import type { LibraryImage } from "../../backend/generated/LibraryImage";
import type { Job } from "../../state/job.svelte";
import { shortId } from "../../words/ending";

/** One name of one image: what the table shows in a line. */
export interface Row {
  /** The same for the same line over lists. */
  key: string;
  /** The name, or the short id of an image without one. */
  reference: string;
  /** What the program is to be asked with. */
  name: string;
  tagged: boolean;
  /** None for an image that is only being imported. */
  image: LibraryImage | null;
  /** The import that makes it, or makes it anew. */
  job: Job | null;
}

/** A line for each name; images without a name come last. */
export function rowsOf(images: LibraryImage[]): Row[] {
  const rows = images.flatMap((image): Row[] => {
    const names = image.references.length ? image.references : [null];
    return names.map((name) => ({
      key: `${image.id} ${name ?? ""}`,
      reference: name ?? shortId(image.id),
      name: name ?? image.id,
      tagged: name !== null,
      image,
      job: null,
    }));
  });
  return [...rows.filter((row) => row.tagged), ...rows.filter((row) => !row.tagged)];
}

/**
 * The same, with the imports that run: at the name that they will give, as soon as that is known, or in a line of their
 * own where that name is new.
 */
export function withImports(rows: Row[], imports: Job[]): Row[] {
  const byReference = new Map<string, Job>();
  for (const job of imports) {
    if (job.subject && !byReference.has(job.subject)) byReference.set(job.subject, job);
  }
  if (byReference.size === 0) return rows;
  const known = new Set(rows.map((row) => row.reference));
  const coming = [...byReference].filter(([reference]) => !known.has(reference));
  const there = rows.map((row) => {
    const job = byReference.get(row.reference);
    return job ? { ...row, job } : row;
  });
  return [...coming.map(([reference, job]) => comingRow(reference, job)), ...there];
}

function comingRow(reference: string, job: Job): Row {
  return { key: `job ${job.id}`, reference, name: reference, tagged: true, image: null, job };
}
