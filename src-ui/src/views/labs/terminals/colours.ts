import type { ITheme } from "@xterm/xterm";

const HUES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The colours of a search's places. */
export interface FoundColours {
  ground: string;
  now: string;
  edge: string;
}

/** What `tokens.css` says of terminals, which are dark in both themes. */
export function terminalColours(): { theme: ITheme; found: FoundColours; font: string } {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const [ground, ink] = [token("--terminal-ground"), token("--terminal-ink")];
  const hues = HUES.flatMap((hue) => [
    [hue, token(`--terminal-${hue}`)],
    [`bright${hue.charAt(0).toUpperCase()}${hue.slice(1)}`, token(`--terminal-bright-${hue}`)],
  ]);
  return {
    theme: {
      ...Object.fromEntries(hues),
      background: ground,
      foreground: ink,
      cursor: ink,
      cursorAccent: ground,
      selectionBackground: token("--terminal-selection"),
      overviewRulerBorder: ground,
    },
    found: { ground: token("--terminal-found"), now: token("--terminal-found-now"), edge: token("--terminal-found-edge") },
    font: token("--mono"),
  };
}
