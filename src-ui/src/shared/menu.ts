/** What a menu offers. */
export interface MenuItem {
  label: string;
  does: () => void;
  /** The key that does it without the menu. */
  key?: string;
  isDisabled?: boolean;
  /** `bad` for what takes something away. */
  look?: "plain" | "bad";
}

/** A menu that is open: its groups, and where it stands. */
export interface OpenMenu {
  label: string;
  groups: MenuItem[][];
  x: number;
  y: number;
}
