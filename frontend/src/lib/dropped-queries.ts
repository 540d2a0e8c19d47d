import type { QueryKey } from "@tanstack/react-query";
import { Listeners } from "@/lib/listeners";

/** Queries whose data somebody wants to be gone, on this device too: not those that the cache merely lets go. */
const listeners = new Listeners<[QueryKey]>();

export const dropKept = listeners.tell;
export const onDropped = listeners.add;
