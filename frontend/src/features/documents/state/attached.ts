import { STORAGE } from "@/config/storage-keys";
import type { AttachedFile } from "@/features/documents/types";
import { readStored, writeStored } from "@/lib/storage";

/** The stored files that go with the draft of a conversation; they survive a reload as its text does. */
export function readAttached(conversationId: string | null): AttachedFile[] {
  try {
    const stored: unknown = JSON.parse(readStored(STORAGE.draftFiles(conversationId)) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isAttached) : [];
  } catch {
    return [];
  }
}

export function writeAttached(conversationId: string | null, files: AttachedFile[]): void {
  writeStored(STORAGE.draftFiles(conversationId), files.length > 0 ? JSON.stringify(files) : null);
}

function isAttached(value: unknown): value is AttachedFile {
  const file = value as Partial<AttachedFile> | null;
  return typeof file?.id === "string" && typeof file.filename === "string";
}
