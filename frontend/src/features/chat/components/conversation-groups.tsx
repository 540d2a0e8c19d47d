import type { RefObject } from "react";
import { ROWS_DRAWN_AT_ONCE } from "@/config/limits";
import { DrawnConversations, type DrawnProps } from "@/features/chat/components/drawn-conversations";
import { firstRows } from "@/features/chat/state/row-window";
import { partOf, usePart } from "@/hooks/use-part";

const longPart = partOf(() => import("@/features/chat/components/long-conversations"));

interface ConversationGroupsProps extends Omit<DrawnProps, "rows"> {
  /** What scrolls them. */
  scroller: RefObject<HTMLElement | null>;
}

/** Conversations under the names of their groups; few of them are all drawn. */
export function ConversationGroups({ scroller, ...rest }: ConversationGroupsProps) {
  // Each heading is a row, too.
  const count = rest.groups.reduce((sum, { items }) => sum + items.length + 1, 0);
  if (count > ROWS_DRAWN_AT_ONCE) return <ManyConversations {...{ count, scroller }} {...rest} />;
  return <DrawnConversations rows={firstRows(count, count)} {...rest} />;
}

/** What draws very many is fetched when there are so many. */
function ManyConversations({ count, scroller, ...rest }: ConversationGroupsProps & { count: number }) {
  const { module } = usePart(longPart);
  if (module) return <module.LongConversations {...{ count, scroller }} {...rest} />;
  return <DrawnConversations rows={firstRows(count, ROWS_DRAWN_AT_ONCE)} {...rest} />;
}
