import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";
import { DrawnConversations, type DrawnProps } from "@/features/chat/components/drawn-conversations";
import { ROW_PX } from "@/features/chat/state/row-window";

const OVERSCAN_ROWS = 12;

interface LongConversationsProps extends Omit<DrawnProps, "rows"> {
  count: number;
  scroller: RefObject<HTMLElement | null>;
}

/** Very many conversations: those that are near what is seen. */
export function LongConversations({ count, scroller, ...rest }: LongConversationsProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  const drawn = virtualizer.getVirtualItems();
  const [first] = drawn;
  const last = drawn.at(-1);
  const rows = {
    first: first?.index ?? 0,
    last: last?.index ?? -1,
    before: first?.start ?? 0,
    after: virtualizer.getTotalSize() - (last?.end ?? 0),
    measure: virtualizer.measureElement,
  };
  return <DrawnConversations rows={rows} {...rest} />;
}
