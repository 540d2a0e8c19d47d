import { useSyncExternalStore } from "react";
import { ofAccount } from "@/features/chat/state/delivery";
import { type QueuedMessage, readOutbox, subscribeToOutbox } from "@/features/chat/state/outbox";

/** What waits to be sent and is this visitor's, oldest first. */
export function useOutbox(accountId: string | null): QueuedMessage[] {
  return ofAccount(useSyncExternalStore(subscribeToOutbox, readOutbox), accountId);
}
