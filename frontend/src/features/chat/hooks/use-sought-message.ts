import { useEffect, useRef } from "react";
import { useSearch } from "wouter";
import type { useConversation } from "@/features/chat/api/get-conversation";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";

/**
 * The message that the address names, as in `/c/<id>?m=<message id>`: where a search found something.
 *
 * Earlier messages are fetched until it is here; one of another branch has that branch shown.
 */
export function useSoughtMessage(
  { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage }: ReturnType<typeof useConversation>,
  messages: VisibleMessage[],
  switchTo: (messageId: string) => void,
): string | null {
  const soughtId = new URLSearchParams(useSearch()).get("m");
  const turnedTo = useRef<string | null>(null);
  const seen = useRef<string | null>(null);
  const isHere = messages.some(({ id }) => id === soughtId);
  const isMissing = soughtId !== null && data !== undefined && !isFetching && !isHere;
  useEffect(() => {
    if (isHere) seen.current = soughtId;
    // Once it was seen its reader may go to another branch: by a version that is asked, or chosen.
    if (!isMissing || isFetchNextPageError || seen.current === soughtId) return;
    if (hasNextPage) void fetchNextPage();
    else if (turnedTo.current !== soughtId) {
      turnedTo.current = soughtId;
      switchTo(soughtId);
    }
  }, [isHere, isMissing, soughtId, hasNextPage, isFetchNextPageError, fetchNextPage, switchTo]);
  return soughtId;
}
