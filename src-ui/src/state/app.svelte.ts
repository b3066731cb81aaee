import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import type { ErrorReport } from "../backend/generated/ErrorReport";
import type { JobState } from "../backend/generated/JobState";
import type { Opening } from "../backend/generated/Opening";
import type { Part } from "../backend/generated/Part";
import type { Settings } from "../backend/generated/Settings";
import { Announcer } from "./announcer.svelte";
import { Clock } from "./clock.svelte";
import { FailedPulls } from "./failures.svelte";
import { Jobs } from "./jobs.svelte";
import { Navigation } from "./navigation.svelte";
import { Engines, Leaving, Library, Offers, References, SettingsStore } from "./parts.svelte";
import { Past } from "./past.svelte";
import { asReport } from "./report";
import { Stream, type Sink } from "./stream.svelte";

/** All state of the window, and what the user can do with it. */
export class App implements Sink {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly stream: Stream;
  readonly jobs = new Jobs();
  readonly engines = new Engines();
  readonly library = new Library();
  readonly references = new References();
  readonly failedPulls = new FailedPulls(this.jobs, this.library);
  readonly settings = new SettingsStore();
  readonly offers = new Offers();
  readonly leaving = new Leaving();
  readonly navigation = new Navigation();
  readonly announcer = new Announcer();
  readonly past: Past;
  /** What the user asked for last and could not be done. */
  failure: ErrorReport | null = $state.raw(null);
  version: string = $state("");
  #settingsAsked = 0;

  constructor(backend: Backend, clock = new Clock()) {
    this.backend = backend;
    this.clock = clock;
    this.stream = new Stream(backend, this);
    this.past = new Past(backend);
    this.jobs.watch((job, what) => {
      this.announcer.heard(job, what);
      if (what === "ended") this.past.refreshSoon();
    });
  }

  begin(opening: Opening): void {
    this.clock.tick();
    this.jobs.replace(opening.jobs);
    this.jobs.replaceOthers(opening.others);
    this.engines.state = opening.engine;
    this.library.state = opening.images;
    this.references.all = opening.references;
    this.failedPulls.adopt();
    this.settings.state = opening.settings;
    this.offers.current = opening.offer;
    this.leaving.question = opening.leaving;
    this.version = opening.version;
    this.past.refreshSoon();
  }

  event(event: Parameters<Jobs["apply"]>[0]): void {
    this.jobs.apply(event);
  }

  part(part: Part): void {
    switch (part.part) {
      case "engine":
        this.engines.state = part.state;
        break;
      case "images":
        this.library.state = part.state;
        break;
      case "references":
        this.references.all = part.state;
        break;
      case "settings":
        this.settings.state = part.state;
        break;
      case "offer":
        this.offers.current = part.state;
        break;
      case "others":
        this.#hearOthers(part.state);
        break;
      case "leaving":
        this.leaving.question = part.state;
        break;
    }
  }

  #hearOthers(states: JobState[]): void {
    this.clock.tick();
    const ended = this.jobs.replaceOthers(states);
    if (ended) this.past.refreshSoon();
  }

  /** Does what the user asked for; a failure is shown, and the answer is then undefined. */
  async ask<T>(what: (backend: Backend) => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await what(this.backend);
      this.failure = null;
      return answer;
    } catch (error) {
      this.failure = asReport(error);
      this.announcer.say(`Not done: ${this.failure.message}`);
      return undefined;
    }
  }

  /** Changes settings at once on the screen; they go back if the program refuses. */
  async change(change: Partial<Settings>): Promise<void> {
    const before = this.settings.settings;
    if (!before) return;
    const asked = ++this.#settingsAsked;
    const wanted = { ...before, ...change };
    this.settings.wanted = wanted;
    await this.ask((backend) => backend.changeSettings(wanted));
    if (asked === this.#settingsAsked) this.settings.confirm(this.failure === null);
  }

  async copy(text: string, what: string): Promise<void> {
    await this.ask((backend) => backend.copy(text));
    if (!this.failure) this.announcer.say(`${what} copied`);
  }
}

/** The state of the window that a component is in. */
export const [getApp, setApp] = createContext<App>();
