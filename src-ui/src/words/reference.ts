/** A light mirror of the grammar of image references; the program checks again, and fully. */

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::\d+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** What is wrong with `text` as a reference; null if nothing is seen. */
export function referenceProblem(text: string): string | null {
  if (!text) return "An image needs a name, such as ceos:4.35.1F.";
  if (/\s/.test(text)) return "A reference has no spaces.";
  if (text.includes("://")) return "A reference has no https:// before it.";
  const [name, digest] = text.split("@");
  if (digest !== undefined) return "A digest cannot be given to an image; it is computed.";
  const slash = name?.lastIndexOf("/") ?? -1;
  const colon = name?.indexOf(":", slash + 1) ?? -1;
  const repository = colon < 0 ? text : text.slice(0, colon);
  const problem = colon < 0 ? null : tagProblem(text.slice(colon + 1));
  return problem ?? repositoryProblem(repository);
}

function tagProblem(tag: string): string | null {
  if (!tag) return "After the colon a tag is missing.";
  if (tag.length > 128) return "A tag has at most 128 characters.";
  return TAG.test(tag) ? null : "A tag has letters, digits, dots, underscores and hyphens, and begins with none of . and -.";
}

function repositoryProblem(repository: string): string | null {
  const parts = repository.split("/");
  const first = parts[0] ?? "";
  const hasDomain = parts.length > 1 && (/[.:]/.test(first) || first === "localhost" || /[A-Z]/.test(first));
  if (hasDomain && !DOMAIN.test(first)) return `\`${first}\` is no registry.`;
  const wrong = parts.slice(hasDomain ? 1 : 0).find((part) => !COMPONENT.test(part));
  if (wrong === undefined) return repository.length > 255 ? "A name has at most 255 characters." : null;
  if (!wrong) return "Between two slashes a name is missing.";
  return /[A-Z]/.test(wrong)
    ? `Names are in small letters: ${wrong.toLowerCase()}.`
    : `\`${wrong}\` is no name: letters, digits and single . _ - between them.`;
}
