/** A light mirror of the grammar of image references; the program checks again, and fully. */

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::\d+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|(?!sha256:)[a-z][a-z0-9+._-]*:[0-9a-f]{32,})$/i;

/** Where a name without a registry leads. */
const HUB = "docker.io";

/** What is wrong with `text` as the name that an image is given; null if nothing is seen. */
export function referenceProblem(text: string): string | null {
  if (text.includes("@") && !/\s|:\/\//.test(text)) return "A digest cannot be given to an image; it is computed.";
  return nameProblem(text);
}

/** What is wrong with `text` as what is to be pulled, which a digest can name as well; null if nothing is seen. */
export function pullProblem(text: string): string | null {
  const { named, digest } = split(text);
  const problem = nameProblem(named);
  if (problem || digest === null || DIGEST.test(digest)) return problem;
  return "After the @ stands a digest: sha256: and 64 digits from 0 to f.";
}

/** With everything that a short name leaves out: `alpine` is `docker.io/library/alpine:latest`. */
export function fullName(reference: string): string {
  const { named, digest } = split(reference);
  const { repository, tag } = splitTag(named);
  const parts = repository.split("/");
  const [first = "", ...rest] = parts;
  const domain = hasDomain(parts) ? first.replace(/^index\.docker\.io$/, HUB) : HUB;
  const path = hasDomain(parts) ? rest : parts;
  const folder = domain === HUB && path.length === 1 ? ["library"] : [];
  const name = [domain, ...folder, ...path].join("/");
  const told = tag ?? (digest === null ? "latest" : null);
  return `${name}${told === null ? "" : `:${told}`}${digest === null ? "" : `@${digest}`}`;
}

/** Whether both name one image; a short name is Docker Hub's. */
export function sameReference(one: string, other: string): boolean {
  return one === other || fullName(one) === fullName(other);
}

/** The registry that a reference leads to: `ghcr.io`, and `docker.io` for a short name. */
export function registryOf(reference: string): string {
  return fullName(reference).split("/")[0] ?? HUB;
}

/** Whether a reference says its registry itself. What Podman calls `localhost/…` is in none. */
export function namesRegistry(reference: string): boolean {
  const parts = splitTag(split(reference).named).repository.split("/");
  return hasDomain(parts) && parts[0] !== "localhost";
}

function split(reference: string): { named: string; digest: string | null } {
  const at = reference.indexOf("@");
  return at < 0 ? { named: reference, digest: null } : { named: reference.slice(0, at), digest: reference.slice(at + 1) };
}

/** The last colon separates a tag only if no slash follows it: `host:5000/name` has none. */
function splitTag(named: string): { repository: string; tag: string | null } {
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  return colon < 0 ? { repository: named, tag: null } : { repository: named.slice(0, colon), tag: named.slice(colon + 1) };
}

/** Whether the first part names a registry and not a folder on Docker Hub. */
function hasDomain(parts: string[]): boolean {
  const first = parts[0] ?? "";
  return parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
}

function nameProblem(text: string): string | null {
  if (!text) return "An image needs a name, such as ceos:4.35.1F.";
  if (/\s/.test(text)) return "A reference has no spaces.";
  if (text.includes("://")) return "A reference has no https:// before it.";
  const { repository, tag } = splitTag(text);
  return (tag === null ? null : tagProblem(tag)) ?? repositoryProblem(repository);
}

function tagProblem(tag: string): string | null {
  if (!tag) return "After the colon a tag is missing.";
  if (tag.length > 128) return "A tag has at most 128 characters.";
  return TAG.test(tag) ? null : "A tag has letters, digits, dots, underscores and hyphens, and begins with none of . and -.";
}

function repositoryProblem(repository: string): string | null {
  const parts = repository.split("/");
  const first = parts[0] ?? "";
  if (hasDomain(parts) && !DOMAIN.test(first)) return `\`${first}\` is no registry.`;
  const wrong = parts.slice(hasDomain(parts) ? 1 : 0).find((part) => !COMPONENT.test(part));
  if (wrong === undefined) return repository.length > 255 ? "A name has at most 255 characters." : null;
  if (!wrong) return "Between two slashes a name is missing.";
  return /[A-Z]/.test(wrong)
    ? `Names are in small letters: ${wrong.toLowerCase()}.`
    : `\`${wrong}\` is no name: letters, digits and single . _ - between them.`;
}
