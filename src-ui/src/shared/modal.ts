import type { Attachment } from "svelte/attachments";

/**
 * Shows a dialog over everything else and keeps the focus in it. Escape and a click beside it call `close`; the focus
 * goes back to where it was.
 */
export function modal(close: () => void): Attachment<HTMLDialogElement> {
  return (dialog) => {
    const before = document.activeElement;
    const cancel = (event: Event): void => {
      event.preventDefault();
      close();
    };
    const press = (event: MouseEvent): void => {
      if (event.target === dialog && !inside(dialog, event)) close();
    };
    dialog.addEventListener("cancel", cancel);
    dialog.addEventListener("mousedown", press);
    dialog.showModal();
    first(dialog)?.focus();
    return () => {
      dialog.removeEventListener("cancel", cancel);
      dialog.removeEventListener("mousedown", press);
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  };
}

/** Where an answer begins: what asks for the focus, else the first field, else the first button, and never what only scrolls. */
function first(dialog: HTMLElement): HTMLElement | null {
  const wanted = ["[autofocus]", "input:not([type=checkbox]), select", "button"];
  return wanted.map((selector) => dialog.querySelector<HTMLElement>(selector)).find((found) => found !== null) ?? null;
}

/** The backdrop belongs to the dialog: only the place tells it from the dialog itself. */
function inside(dialog: HTMLElement, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
