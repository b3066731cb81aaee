import type { HistoryPage } from "../generated/HistoryPage";
import type { HistoryQuery } from "../generated/HistoryQuery";
import type { JobRecord } from "../generated/JobRecord";

/** What the history answers to a question. */
export function historyPage(all: JobRecord[], query: HistoryQuery): HistoryPage {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  const fit = words.length === 0 ? all : all.filter(({ job }) => {
    const haystack = `${job.title} ${JSON.stringify(job.outcome)}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  const count = (type: string): number => fit.filter(({ job }) => job.outcome?.type === type).length;
  const counts = { succeeded: count("succeeded"), failed: count("failed"), cancelled: count("cancelled"), lost: count("lost") };
  const older = fit
    .filter(({ job }) => !query.outcome || job.outcome?.type === query.outcome)
    .filter(({ job }) => query.before === null || job.id < query.before)
    .sort((a, b) => (a.job.id < b.job.id ? 1 : -1));
  return { records: older.slice(0, query.limit), more: older.length > query.limit, counts };
}
