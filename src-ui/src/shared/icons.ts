/** The drawings of the interface, as paths on a grid of 24. */
export const PATHS = {
  images: ["M12 3l8 4.5v9L12 21l-8-4.5v-9z", "M4 7.5l8 4.5 8-4.5", "M12 12v9"],
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
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
} as const;

export type IconName = keyof typeof PATHS;
