import type { EngineInfo } from "../../backend/generated/EngineInfo";
import type { LibraryImage } from "../../backend/generated/LibraryImage";

/** Platforms that images for network labs come for. */
const USUAL = ["linux/amd64", "linux/arm64", "linux/arm/v7"];

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/i;

/** What the engine's own platform is called; empty without an engine. */
export function ownPlatform(engine: EngineInfo | null): string {
  return engine ? `${engine.os}/${engine.architecture}` : "";
}

/** The platforms to choose from besides the engine's own. */
export function otherPlatforms(own: string): string[] {
  return USUAL.filter((platform) => platform !== own);
}

/** What is wrong with `text` as a platform; null if nothing is seen. */
export function platformProblem(text: string): string | null {
  return PLATFORM.test(text) ? null : "A platform is a system and a processor, such as linux/arm64 or linux/arm/v7.";
}

/** The platform to ask for so that an image stays what it is; null for the engine's own. */
export function platformOf(image: LibraryImage, engine: EngineInfo | null): string | null {
  if (!engine || !image.architecture || image.architecture === engine.architecture) return null;
  return `${engine.os}/${image.architecture}`;
}
