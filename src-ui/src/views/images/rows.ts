import type { LibraryImage } from "../../backend/generated/LibraryImage";
import type { Job } from "../../state/job.svelte";
import { shortId } from "../../words/ending";
import { fullName } from "../../words/reference";

/** One name of one image: what the table shows in a line. */
export interface Row {
  /** The same for the same line over lists. */
  key: string;
  /** The name, or the short id of an image without one. */
  reference: string;
  /** What the program is to be asked with. */
  name: string;
  tagged: boolean;
  /** None for an image that is not there yet. */
  image: LibraryImage | null;
  /** The import or pull that brings it, or brings it anew. */
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
 * The same, with the imports and pulls that run: at the name that they will give, as soon as that is known, or in a line
 * of their own where that name is new. Podman says Docker Hub's names in full.
 */
export function withArrivals(rows: Row[], arrivals: Job[]): Row[] {
  const byName = new Map<string, { reference: string; job: Job }>();
  for (const job of arrivals) {
    if (job.subject && !byName.has(fullName(job.subject))) byName.set(fullName(job.subject), { reference: job.subject, job });
  }
  if (byName.size === 0) return rows;
  const known = new Set<string>();
  const there = rows.map((row) => {
    const name = row.tagged ? fullName(row.reference) : "";
    const found = byName.get(name);
    if (found) known.add(name);
    return found ? { ...row, job: found.job } : row;
  });
  const coming = [...byName].filter(([name]) => !known.has(name));
  return [...coming.map(([, { reference, job }]) => comingRow(reference, job)), ...there];
}

function comingRow(reference: string, job: Job): Row {
  return { key: `job ${job.id}`, reference, name: reference, tagged: true, image: null, job };
}
