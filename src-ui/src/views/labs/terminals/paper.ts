import type { Screen, ScreenEvents } from "./screen";

/** A screen for tests: it keeps what is written, and draws nothing. */
export class PaperScreen implements Screen {
  columns = 80;
  rows = 24;
  text = "";
  isDisposed = false;
  readonly asked: string[] = [];
  #events: ScreenEvents | null = null;
  #decoder = new TextDecoder();

  listen(events: ScreenEvents): this {
    this.#events = events;
    return this;
  }

  type(text: string): void {
    this.#events?.typed(text);
  }

  resize(columns: number, rows: number): void {
    [this.columns, this.rows] = [columns, rows];
    this.#events?.resized(columns, rows);
  }

  found(index: number, count: number): void {
    this.#events?.found(index, count);
  }

  attach(): () => void {
    return () => {};
  }

  write(bytes: Uint8Array): void {
    this.text += this.#decoder.decode(bytes, { stream: true });
  }

  async say(text: string): Promise<void> {
    this.text += `\r\n${text}\r\n`;
  }

  focus(): void {
    this.asked.push("focus");
  }

  clear(): void {
    this.text = "";
  }

  toEnd(): void {
    this.asked.push("toEnd");
  }

  find(text: string, how: "typed" | "next" | "previous"): void {
    this.asked.push(`${how} ${text}`);
  }

  endFind(): void {
    this.asked.push("endFind");
  }

  readAloud(isRead: boolean): void {
    this.asked.push(`readAloud ${isRead}`);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}
