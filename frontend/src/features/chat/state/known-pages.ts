import type { InfiniteData } from "@tanstack/react-query";
import type { Conversation, Feedback, Message } from "@/types/wire";

/** A conversation as it is kept: pages of messages, the newest first. */
export type ConversationPages = InfiniteData<Conversation, string>;

/** All messages that are here, oldest first, as one conversation. */
export function joinedPages({ pages }: ConversationPages): Conversation | undefined {
  const newest = pages[0];
  return newest && { ...newest, messages: messagesOf(pages) };
}

/**
 * The page of messages before `before`, when they are here already; null when they are not.
 *
 * What a message follows never changes, so a conversation that is asked for again is asked for its newest page alone.
 */
export function knownBefore(
  known: ConversationPages | undefined,
  before: string,
  limit: number,
): Conversation | null {
  const [newest] = known?.pages ?? [];
  if (!known || !newest) return null;
  const all = messagesOf(known.pages);
  const end = all.findIndex(({ id }) => id === before);
  if (end < 1) return null;
  const messages = all.slice(Math.max(0, end - limit), end);
  const [first] = messages;
  return { ...newest, messages, previous_cursor: first?.parent_id ? first.id : null };
}

/** As it was when it was opened: only its newest page. */
export function newestPage({ pages, pageParams }: ConversationPages): ConversationPages {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) };
}

/** With what somebody thinks of one of its answers. */
export function withFeedback(
  { pages, pageParams }: ConversationPages,
  messageId: string,
  feedback: Feedback | null,
): ConversationPages {
  const change = (message: Message) => (message.id === messageId ? { ...message, feedback } : message);
  return { pages: pages.map((page) => ({ ...page, messages: page.messages.map(change) })), pageParams };
}

function messagesOf(pages: Conversation[]): Message[] {
  return pages.toReversed().flatMap(({ messages }) => messages);
}
