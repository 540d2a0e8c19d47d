import { UPLOAD_EXTENSIONS } from "@/config/limits";
import type { Limits } from "@/types/wire";

export type FileRefusal = "kind" | "empty" | "tooLarge";

/** Why a file would be refused, known before a byte is sent; null when it may go. */
export function checkFile(file: File, limits: Limits): FileRefusal | null {
  const name = file.name.toLowerCase();
  if (!UPLOAD_EXTENSIONS.some((extension) => name.endsWith(extension))) return "kind";
  if (file.size === 0) return "empty";
  return file.size > limits.upload_max_bytes ? "tooLarge" : null;
}
