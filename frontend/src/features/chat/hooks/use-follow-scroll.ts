import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Closer to the end than this counts as at the end: a line of text, and rounding. */
const END_SLACK_PX = 48;

interface FollowScroll {
  frame: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
}

/**
 * Keeps the end of a growing list in view until the reader scrolls away.
 *
 * `firstId` names the first item: when earlier ones come in above it, what is being read stays where it is.
 */
export function useFollowScroll(listId: string | null, firstId: string | undefined): FollowScroll {
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

  useEffect(() => {
    const box = frame.current;
    const list = content.current;
    if (!box || !list) return undefined;
    const note = () => {
      isFollowing.current = box.scrollHeight - box.scrollTop - box.clientHeight < END_SLACK_PX;
      setAtEnd(isFollowing.current);
    };
    const follow = () => {
      if (isFollowing.current) box.scrollTop = box.scrollHeight;
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
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its end
  useLayoutEffect(toEnd, [listId]);
  useHeldPlace(frame, firstId);
  return { frame, content, isAtEnd, toEnd };
}

/** Keep the distance to the end when items come in at the top. */
function useHeldPlace(frame: RefObject<HTMLDivElement | null>, firstId: string | undefined): void {
  const before = useRef<{ firstId: string | undefined; height: number }>({ firstId, height: 0 });
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box) return;
    const { firstId: earlier, height } = before.current;
    if (earlier && firstId && earlier !== firstId) box.scrollTop += box.scrollHeight - height;
    before.current = { firstId, height: box.scrollHeight };
  });
}
