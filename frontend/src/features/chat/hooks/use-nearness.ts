import { type RefObject, useEffect, useState } from "react";
import type { Nearby } from "@/features/chat/state/nearby";

/** `height` is what it had when it was drawn last, in pixels; null before. */
interface Nearness {
  isNear: boolean;
  height: number | null;
}

/** Whether an item is near enough to what is seen to be drawn in full. What somebody is busy with stays as it is. */
export function useNearness(
  item: RefObject<HTMLElement | null>,
  nearby: Nearby,
  startsNear: boolean,
): Nearness {
  const [nearness, setNearness] = useState<Nearness>({ isNear: startsNear, height: null });
  useEffect(() => {
    const element = item.current;
    if (!element) return undefined;
    return nearby.watch(element, (isNear) => {
      if (isNear) setNearness((before) => ({ ...before, isNear }));
      else if (!isInUse(element)) setNearness({ isNear, height: element.offsetHeight });
    });
  }, [item, nearby]);
  return nearness;
}

/** It has the focus, a part of the selection, or something that was opened in it. */
function isInUse(element: HTMLElement): boolean {
  const selection = document.getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
  return isSelected || element.contains(document.activeElement) || element.querySelector(OPENED) !== null;
}

const OPENED = "form, dialog[open], details[open]";
