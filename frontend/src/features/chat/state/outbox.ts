/** Messages that could not be sent: kept in this browser until the line is back, in the order in which they were sent. */
import { STORAGE } from "@/config/storage-keys";
import type { NewMessage } from "@/features/chat/types";
import { Listeners } from "@/lib/listeners";
import { readStored, storedKeys, writeStored } from "@/lib/storage";
import type { Problem } from "@/types/wire";

export interface QueuedMessage extends NewMessage {
  /** A conversation that begins with it has a name of ours until the gateway knows it. */
  conversationId: string;
  /** Who sent it: the account, or null for a guest. */
  accountId: string | null;
  /** Milliseconds since 1970. */
  queuedAt: number;
  /** Why it was not taken; it then waits for its writer. */
  refusal: Pick<Problem, "code" | "detail"> | null;
  /** It is being written anew, here or in another tab; a page that was closed meanwhile shows it so, too. */
  isHeld: boolean;
}

const NOTHING: readonly QueuedMessage[] = [];
const listeners = new Listeners();
let queue: readonly QueuedMessage[] | null = null;

/** All that waits, oldest first; the same array until something changes. */
export function readOutbox(): readonly QueuedMessage[] {
  queue ??= storedQueue();
  return queue;
}

/** Keep a message, or keep it changed. False when this browser stores nothing more: then it is not queued. */
export function putInOutbox(message: QueuedMessage): boolean {
  const isStored = writeStored(keyOf(message), JSON.stringify(message));
  changed();
  return isStored;
}

/** A message as it is kept now: it may have been written anew, or taken out, in this tab or another one. */
export function queuedNow({ clientMessageId }: QueuedMessage): QueuedMessage | undefined {
  return readOutbox().find((message) => message.clientMessageId === clientMessageId);
}

export function takeFromOutbox(message: QueuedMessage): void {
  writeStored(keyOf(message), null);
  changed();
}

export function subscribeToOutbox(listener: () => void): () => void {
  if (listeners.isEmpty) {
    window.addEventListener("storage", onStorage);
    // Nobody has listened to what other tabs did before.
    queue = null;
  }
  const leave = listeners.add(listener);
  return () => {
    leave();
    if (listeners.isEmpty) window.removeEventListener("storage", onStorage);
  };
}

/** What another tab has queued or sent; without a key all was cleared. */
function onStorage({ key }: StorageEvent): void {
  if (key === null || key.startsWith(STORAGE.outbox)) changed();
}

function changed(): void {
  queue = null;
  listeners.tell();
}

function storedQueue(): readonly QueuedMessage[] {
  const found = storedKeys(STORAGE.outbox).flatMap((key) => parsed(readStored(key)) ?? []);
  return found.length === 0 ? NOTHING : found.sort((a, b) => a.queuedAt - b.queuedAt);
}

function parsed(stored: string | null): QueuedMessage | null {
  try {
    const message = JSON.parse(stored ?? "null") as QueuedMessage | null;
    return typeof message?.clientMessageId === "string" && typeof message.text === "string" ? message : null;
  } catch {
    return null;
  }
}

function keyOf({ clientMessageId }: QueuedMessage): string {
  return STORAGE.outbox + clientMessageId;
}
