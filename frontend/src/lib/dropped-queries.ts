import type { QueryKey } from "@tanstack/react-query";

/** Queries whose data somebody wants to be gone, on this device too: not those that the cache merely lets go. */
const listeners = new Set<(queryKey: QueryKey) => void>();

export function dropKept(queryKey: QueryKey): void {
  for (const listener of listeners) listener(queryKey);
}

export function onDropped(listener: (queryKey: QueryKey) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
