import { type QueryClient, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { KEYS } from "@/features/chat/api/query-keys";
import {
  changeConversation,
  findConversation,
  placeConversation,
  refreshLists,
} from "@/features/chat/state/list-cache";
import { type LiveEvent, type LiveState, NOTHING_LIVE } from "@/features/chat/state/live-feed";
import { SharedFeed } from "@/features/chat/state/shared-feed";
import type { StudyDocument } from "@/types/wire";

interface FileListener {
  /** A file as it is now. */
  onDocument: (document: StudyDocument) => void;
  /** The line is open, for the first time or again: what happened before was told to nobody. */
  onOpen: () => void;
}

/** Keep the cache true to what happens in other tabs and on other devices, once the visitor has a user. */
export function useLiveFeed(hasUser: boolean, files: FileListener): void {
  const client = useQueryClient();
  const listener = useRef(files);
  useEffect(() => {
    listener.current = files;
  });
  const [feed] = useState(
    () =>
      new SharedFeed((state, event, before) => {
        client.setQueryData(KEYS.live, state);
        applyToCache(client, event, before);
        if (event.type === "document") listener.current.onDocument(event.document);
        if (event.type === "answering" && before.line !== "open") listener.current.onOpen();
      }),
  );
  // Keeps the state in the cache while nobody else looks at it.
  useLive();
  useEffect(() => feed.join(), [feed]);
  useEffect(() => {
    if (hasUser) feed.wake();
  }, [feed, hasUser]);
}

/** What the live feed has told so far. */
export function useLive(): LiveState {
  return useQuery<LiveState>({ queryKey: KEYS.live, queryFn: skipToken }).data ?? NOTHING_LIVE;
}

/** The open conversation looks after itself (use-answer-stream.ts): it may be the one where this happened. */
function applyToCache(client: QueryClient, event: LiveEvent, before: LiveState): void {
  if (event.type === "answering") {
    if (before.line === "lost") void client.invalidateQueries({ queryKey: KEYS.lists });
    return;
  }
  if (event.type === "lost" || event.type === "document") return;
  const { conversationId, title } = event;
  if (event.type === "started") raiseInLists(client, conversationId);
  if (title) changeConversation(client, conversationId, { title });
  // After the title: data that is set counts as fresh.
  if (event.type !== "titled") markOld(client, conversationId);
}

/** What was asked something stands first in its lists; one that nobody here knows is new. */
function raiseInLists(client: QueryClient, conversationId: string): void {
  const known = findConversation(client, conversationId);
  if (known) placeConversation(client, { ...known, updated_at: new Date().toISOString() });
  else void refreshLists(client);
}

/** Have a conversation that was open before fetched again when it is opened next. */
function markOld(client: QueryClient, conversationId: string): void {
  void client.invalidateQueries({ queryKey: KEYS.conversation(conversationId), refetchType: "none" });
}
