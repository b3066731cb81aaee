/** What a colour can say. `plain` says nothing. */
export type Look = "plain" | "run" | "ok" | "warn" | "bad";
