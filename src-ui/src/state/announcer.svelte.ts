import { verdict } from "../words/ending";
import { spoken } from "../words/title";
import { count } from "../words/units";
import type { Job } from "./job.svelte";

/** What happens within this time is announced together, in milliseconds. */
const TOGETHER = 400;

/** Says beginnings and ends of jobs to screen readers: never each progress, and not each of a hundred ends. */
export class Announcer {
  text: string = $state("");
  #news: string[] = [];
  #ended = 0;
  #failed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  heard(job: Job, what: "started" | "ended"): void {
    if (what === "started") this.#news.push(`${spoken(job.title)} started`);
    else this.#end(job);
    this.#timer ??= setTimeout(() => this.#speak(), TOGETHER);
  }

  /** Says something that the user did himself. */
  say(text: string): void {
    this.#news.push(text);
    this.#timer ??= setTimeout(() => this.#speak(), TOGETHER);
  }

  #end(job: Job): void {
    if (!job.outcome) return;
    this.#ended += 1;
    if (job.outcome.type === "failed") this.#failed += 1;
    const why = job.outcome.type === "failed" ? `: ${job.outcome.error.message}` : "";
    this.#news.push(`${spoken(job.title)} ${verdict(job.outcome)}${why}`);
  }

  #speak(): void {
    const many = this.#news.length > 2;
    const ended = this.#failed ? `${count(this.#ended, "job")} ended, ${this.#failed} failed` : `${count(this.#ended, "job")} ended`;
    const started = this.#news.length - this.#ended;
    const sum = [started > 0 && `${count(started, "job")} started`, this.#ended > 0 && ended].filter(Boolean).join(", ");
    this.text = `${many ? sum : this.#news.join(". ")}.`;
    this.#news = [];
    this.#ended = 0;
    this.#failed = 0;
    this.#timer = undefined;
  }
}
