import { Clock } from "../../state/clock.svelte";
import { FakeBackend } from "./backend";
import { WORLDS } from "./worlds";

/** How often the world's time moves, in milliseconds. */
const FRAME = 100;

/**
 * The world that the page's address names: `?world=busy`. With `&still` its time stands, for pictures; otherwise it
 * passes as it does outside.
 */
export function fakeOf(search: URLSearchParams): { backend: FakeBackend; clock: Clock } {
  const make = WORLDS[search.get("world") ?? "busy"] ?? WORLDS["busy"];
  if (!make) throw new Error("there is no such world");
  const backend = new FakeBackend(make());
  if (!search.has("still")) setInterval(() => backend.advance(FRAME), FRAME);
  return { backend, clock: new Clock(backend.now) };
}
