import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useHeldItem } from "@/features/chat/hooks/use-held-item";
import { drift, firstSeen, type Place } from "@/features/chat/state/first-seen";

/** Closer to the end than this counts as at the end: a line of text, and rounding. */
const END_SLACK_PX = 48;
/** Nearer to the beginning than so many heights of the frame, earlier items are asked for. */
const OLDER_AT_HEIGHTS = 1.5;
/** Where an item that is shown comes to stand, as a share of the frame's height. */
const SHOWN_AT = 0.15;

interface FollowScroll {
  frame: RefObject<HTMLElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
  /** Keep an item where it is seen, whatever changes around it, until the reader does something else. */
  hold: (item: Element) => void;
  /** Bring an item into view, and the focus to it. */
  show: (item: HTMLElement) => void;
}

/**
 * Keeps the end of a growing list in view until the reader scrolls away; from then on, what is being read.
 *
 * So earlier items may come in above, and others take another height. `onOlder` asks for earlier ones when the reader
 * comes near the first; null while there is nothing to ask for.
 */
export function useFollowScroll(listId: string | null, onOlder: (() => void) | null): FollowScroll {
  const frame = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const { isAtEnd, note, place } = useNotedPlace({ frame, content, isFollowing, onOlder });
  const { hold, keep } = useHeldItem(frame, note);

  const toEnd = useCallback(() => {
    isFollowing.current = true;
    const box = frame.current;
    if (box) box.scrollTop = box.scrollHeight;
    note();
  }, [note]);
  const show = useCallback(
    (item: HTMLElement) => {
      const box = frame.current;
      if (!box) return;
      isFollowing.current = false;
      const top = item.getBoundingClientRect().top - box.getBoundingClientRect().top;
      box.scrollTop += top - box.clientHeight * SHOWN_AT;
      item.focus({ preventScroll: true });
      hold(item);
      note();
    },
    [hold, note],
  );

  useSteadyPlace({ frame, content, isFollowing, place, keep, note });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its end
  useLayoutEffect(toEnd, [listId]);
  return { frame, content, isAtEnd, toEnd, hold, show };
}

interface ScrollRefs {
  frame: RefObject<HTMLElement | null>;
  content: RefObject<HTMLElement | null>;
  isFollowing: RefObject<boolean>;
}

/** Where the reader is: at the end, or at an item. */
function useNotedPlace({
  frame,
  content,
  isFollowing,
  onOlder,
}: ScrollRefs & { onOlder: (() => void) | null }) {
  const place = useRef<Place | null>(null);
  const lastTop = useRef(0);
  const older = useRef(onOlder);
  const [isAtEnd, setAtEnd] = useState(true);
  useEffect(() => {
    older.current = onOlder;
  });
  const note = useCallback(() => {
    const box = frame.current;
    if (!box) return;
    const isNearEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_SLACK_PX;
    // Only a reader moves up: that the end is far may be news of this very frame.
    isFollowing.current = isNearEnd || (isFollowing.current && box.scrollTop >= lastTop.current);
    lastTop.current = box.scrollTop;
    setAtEnd(isFollowing.current);
    place.current = isFollowing.current || !content.current ? null : firstSeen(box, content.current);
    if (box.scrollTop < box.clientHeight * OLDER_AT_HEIGHTS) older.current?.();
  }, [frame, content, isFollowing]);
  return { isAtEnd, note, place };
}

interface SteadyPlace extends ScrollRefs {
  place: RefObject<Place | null>;
  keep: () => boolean;
  note: () => void;
}

/** After each change, and before it is painted, put what is followed, held or read back where it was. */
function useSteadyPlace({ frame, content, isFollowing, place, keep, note }: SteadyPlace): void {
  useEffect(() => {
    const box = frame.current;
    const list = content.current;
    if (!box || !list) return undefined;
    // A scroll may be told of when the content has changed already, and that has not been told of yet.
    const onScroll = () => {
      if (!keep() && place.current) box.scrollTop += drift(box, place.current);
      note();
    };
    const onGrowth = () => {
      if (isFollowing.current && !keep()) box.scrollTop = box.scrollHeight;
      onScroll();
    };
    const growth = new ResizeObserver(onGrowth);
    growth.observe(list);
    growth.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      growth.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [frame, content, isFollowing, place, keep, note]);
}
