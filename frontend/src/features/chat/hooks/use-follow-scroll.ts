import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useHeldItem } from "@/features/chat/hooks/use-held-item";

/** Closer to the end than this counts as at the end: a line of text, and rounding. */
const END_SLACK_PX = 48;

interface FollowScroll {
  frame: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
  /** Keep an item where it is seen, whatever changes around it, until the reader does something else. */
  hold: (item: Element) => void;
}

/**
 * Keeps the end of a growing list in view until the reader scrolls away.
 *
 * `first` names the first item: when earlier ones come in above it, what is being read stays where it is.
 */
export function useFollowScroll(listId: string | null, first: string | undefined): FollowScroll {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    isFollowing.current = true;
    setAtEnd(true);
    const box = frame.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);
  const note = useCallback(() => {
    const box = frame.current;
    if (!box) return;
    isFollowing.current = box.scrollHeight - box.scrollTop - box.clientHeight < END_SLACK_PX;
    setAtEnd(isFollowing.current);
  }, []);

  useHeldPlace(frame, first);
  const { hold, keep } = useHeldItem(frame, note);
  useEffect(() => {
    const box = frame.current;
    const list = content.current;
    if (!box || !list) return undefined;
    const follow = () => {
      if (!keep() && isFollowing.current) box.scrollTop = box.scrollHeight;
      else note();
    };
    const growth = new ResizeObserver(follow);
    growth.observe(list);
    growth.observe(box);
    box.addEventListener("scroll", note, { passive: true });
    return () => {
      growth.disconnect();
      box.removeEventListener("scroll", note);
    };
  }, [note, keep]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its end
  useLayoutEffect(toEnd, [listId]);
  return { frame, content, isAtEnd, toEnd, hold };
}

/** Keep the distance to the end when items come in at the top. */
function useHeldPlace(frame: RefObject<HTMLDivElement | null>, first: string | undefined): void {
  const before = useRef<{ first: string | undefined; height: number }>({ first, height: 0 });
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box) return;
    const { first: earlier, height } = before.current;
    if (earlier && first && earlier !== first) box.scrollTop += box.scrollHeight - height;
    before.current = { first, height: box.scrollHeight };
  });
}
