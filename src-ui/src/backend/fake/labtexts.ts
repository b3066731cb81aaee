import type { LabEdit } from "../generated/LabEdit";
import type { LabView } from "../generated/LabView";

/** The file that a lab would be read from. */
export function textOf(lab: LabView): string {
  const nodes = lab.nodes.flatMap((node) => [
    `    ${node.name}:`,
    `      kind: ${node.kind}`,
    ...(node.image ? [`      image: ${node.image}`] : []),
  ]);
  const links = lab.links.map(({ ends }) => `    - endpoints: ["${ends[0].end}", "${ends[1].end}"]`);
  return [`name: ${lab.name}`, "", "topology:", "  nodes:", ...nodes, "  links:", ...links, ""].join("\n");
}

/** The text after an edit, in a file that is written as above. */
export function edited(text: string, edit: LabEdit): string {
  const lines = text.split("\n");
  const linkLines = lines.flatMap((line, index) => (line.includes("endpoints:") ? [index] : []));
  switch (edit.type) {
    case "add_node": {
      const image = edit.image ? [`      image: ${edit.image}`] : [];
      const at = lines.indexOf("  links:");
      return lines.toSpliced(at < 0 ? lines.length : at, 0, `    ${edit.name}:`, `      kind: ${edit.kind}`, ...image).join("\n");
    }
    case "add_link": {
      const last = linkLines.at(-1) ?? lines.length - 1;
      return lines.toSpliced(last + 1, 0, `    - endpoints: ["${edit.ends[0]}", "${edit.ends[1]}"]`).join("\n");
    }
    case "rename_node":
      return text.replace(new RegExp(`(?<=["\\s])${edit.from}(?=:)`, "g"), edit.to);
    case "delete": {
      const gone = new Set(edit.links.map(({ number }) => linkLines[number - 1]));
      const left = lines.filter((_, index) => !gone.has(index));
      return without(left, edit.nodes).join("\n");
    }
  }
}

function without(lines: string[], nodes: string[]): string[] {
  let within = false;
  return lines.filter((line) => {
    const node = /^ {4}(\S+):$/.exec(line)?.[1];
    if (node !== undefined) within = nodes.includes(node);
    else if (!line.startsWith("      ")) within = false;
    return !within && !nodes.some((name) => line.includes(`"${name}:`));
  });
}
