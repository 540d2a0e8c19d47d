import { topModal } from "@/lib/modals";

/** A menu closes and gives the focus back, the list is drawn without what it was given to, another page is opened. */
const FRAMES = 30;
const NEXT_ACTIONS = ["keydown", "pointerdown"];

/** Whether the keyboard is what one uses now: the browser shows it where the focus is. */
export function isByKeyboard(): boolean {
  return document.activeElement?.matches(":focus-visible") ?? false;
}

/** Should what has the focus be gone within a moment, the dialog that is open has it, else the page. */
export function recoverFocus(): void {
  forAMoment(() => {
    if (!hasFocusNowhere()) return;
    const place = topModal()?.querySelector<HTMLElement>("a, button") ?? document.querySelector("main");
    place?.focus({ preventScroll: true });
  });
}

/** Give the focus to `place`, and see that it stays there through whatever the page does of itself. */
export function holdFocus(place: () => HTMLElement | null): void {
  forAMoment(() => {
    if (document.activeElement !== place()) place()?.focus({ preventScroll: true });
  });
}

/** To be the ref of what stands in the place of something that had the focus: it takes that over. */
export function takeLostFocus(element: HTMLElement | null): void {
  if (hasFocusNowhere()) element?.focus();
}

let stop = () => {};

/** Look with each frame, until somebody does something; whoever asks last is the one who looks. */
function forAMoment(look: () => void): void {
  stop();
  let left = FRAMES;
  let frame = 0;
  const next = () => {
    look();
    left -= 1;
    if (left > 0) frame = requestAnimationFrame(next);
    else stop();
  };
  frame = requestAnimationFrame(next);
  stop = () => {
    cancelAnimationFrame(frame);
    for (const action of NEXT_ACTIONS) window.removeEventListener(action, stop, true);
  };
  for (const action of NEXT_ACTIONS) window.addEventListener(action, stop, true);
}

function hasFocusNowhere(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.tagName === "DIALOG";
}
