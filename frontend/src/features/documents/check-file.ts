import { UNREADABLE_TYPES } from "@/config/limits";
import type { Limits } from "@/types/wire";

export type FileRefusal = "kind" | "empty" | "tooLarge";

/** Why a file would be refused, known before a byte is sent; null when it may go: its content decides then. */
export function checkFile(file: File, limits: Limits): FileRefusal | null {
  if (UNREADABLE_TYPES.some((type) => file.type.startsWith(type))) return "kind";
  if (file.size === 0) return "empty";
  return file.size > limits.upload_max_bytes ? "tooLarge" : null;
}
