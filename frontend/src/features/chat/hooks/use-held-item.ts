import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** What a reader does next, wherever: from then on things may move again. */
const NEXT_ACTIONS = ["wheel", "touchmove", "pointerdown", "keydown"];

/**
 * Keeps one item of a list where it is seen while the rest of it changes, so that what was pressed stays under the
 * finger. `onRelease` is called when that is over.
 */
export function useHeldItem(frame: RefObject<HTMLElement | null>, onRelease: () => void) {
  const held = useRef<{ item: Element; top: number } | null>(null);

  const hold = useCallback((item: Element) => {
    held.current = { item, top: item.getBoundingClientRect().top };
  }, []);
  /** Put the item back where it was; false when none is held. */
  const keep = useCallback(() => {
    const box = frame.current;
    if (!box || !held.current) return false;
    const { item, top } = held.current;
    if (item.isConnected) box.scrollTop += item.getBoundingClientRect().top - top;
    return item.isConnected;
  }, [frame]);

  useLayoutEffect(() => {
    keep();
  });
  useEffect(() => {
    const release = () => {
      if (!held.current) return;
      held.current = null;
      onRelease();
    };
    const options = { capture: true, passive: true };
    for (const action of NEXT_ACTIONS) window.addEventListener(action, release, options);
    return () => {
      for (const action of NEXT_ACTIONS) window.removeEventListener(action, release, options);
    };
  }, [onRelease]);
  return { hold, keep };
}
