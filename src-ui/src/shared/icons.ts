/** The drawings of the interface, as paths on a grid of 24. */
export const PATHS = {
  labs: [
    "M3 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0M15 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0M9 18a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "M8.5 7.5L11 15.5M15.5 7.5L13 15.5M9 6h6",
  ],
  images: ["M12 3l8 4.5v9L12 21l-8-4.5v-9z", "M4 7.5l8 4.5 8-4.5", "M12 12v9"],
  hosts: [
    "M5 4h14a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
    "M5 13h14a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2z",
    "M7 7.5h.01M7 16.5h.01",
  ],
  activity: ["M3 12h4l3-8 4 16 3-8h4"],
  settings: [
    "M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  ],
  search: ["M5 11a6 6 0 1 0 12 0a6 6 0 1 0-12 0", "M15.5 15.5L20 20"],
  close: ["M6 6l12 12M18 6L6 18"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  cross: ["M7 7l10 10M17 7L7 17"],
  stop: ["M8 8h8v8H8z"],
  skip: ["M6 12h12"],
  alert: ["M12 6v8M12 18h.01"],
  ring: ["M7.5 12a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0"],
  up: ["M7 14l5-5 5 5"],
  down: ["M7 10l5 5 5-5"],
  copy: ["M9 9h11v11H9z", "M15 9V4H4v11h5"],
  drop: ["M12 4v11M7 10.5l5 5 5-5", "M4 19.5h16"],
  engine: ["M3.5 5h17v6h-17zM3.5 13h17v6h-17z", "M7 8h.01M7 16h.01"],
  fit: ["M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"],
  layout: ["M9 4h6v4H9zM4 16h6v4H4zM14 16h6v4h-6z", "M12 8v4M7 16v-4h10v4"],
  more: ["M4.5 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0M17.5 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0"],
  panel: ["M4 5h16v14H4z", "M15 5v14"],
  back: ["M14 6l-6 6 6 6"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
  plus: ["M12 5.5v13M5.5 12h13"],
  split: ["M4 5h16v14H4z", "M12 5v14"],
  clear: ["M4 6.5h16M4 11.5h9M4 16.5h7", "M15 14l5 5M20 14l-5 5"],
  aloud: ["M4 10v4h3l5 4V6l-5 4z", "M15.5 9.5a4 4 0 0 1 0 5M18 7a7.5 7.5 0 0 1 0 10"],
} as const;

export type IconName = keyof typeof PATHS;
