/** Keys, and what they do, for the sheet that lists them. */
export type KeyList = { keys: string[]; does: string }[];
