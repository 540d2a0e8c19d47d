import { STORAGE } from "@/config/storage-keys";
import { readStored, writeStored } from "@/lib/storage";

/** A question as it is being put another way, where it was not sent yet; all its versions share the client id. */
export function readEdit(clientMessageId: string | null): string | null {
  return clientMessageId && readStored(STORAGE.edit(clientMessageId));
}

/** Keep it; null when it was sent, or given up. */
export function writeEdit(clientMessageId: string | null, text: string | null): void {
  if (clientMessageId) writeStored(STORAGE.edit(clientMessageId), text);
}
