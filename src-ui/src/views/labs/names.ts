/** Names of nodes. */

/** What a container's name can be, too. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]+$/;

/** What is wrong with a name; empty where nothing is. */
export function nameProblem(name: string, taken: ReadonlySet<string>): string {
  if (name === "") return "A node needs a name.";
  if (!NAME.test(name)) return "A name has letters, digits, dots, underscores and hyphens, two at least, and begins with a letter or a digit.";
  return taken.has(name) ? `There is a node ${name} already.` : "";
}

/** The name after the last that ends with a number: `leaf4` after `leaf3`; `node1` where none does. */
export function freeName(nodes: { name: string }[]): string {
  const taken = new Set(nodes.map(({ name }) => name));
  const [, stem = "node", digits = "0"] = /^(.*?)(\d+)$/.exec(nodes.findLast(({ name }) => /\d$/.test(name))?.name ?? "") ?? [];
  let number = Number(digits) + 1;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
