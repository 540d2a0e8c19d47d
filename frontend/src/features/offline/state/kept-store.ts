/** What this browser keeps of somebody's own, to be read without a line: in IndexedDB, for one owner at a time. */
import { clear, createStore, delMany, entries, get, setMany } from "idb-keyval";
import { STORAGE } from "@/config/storage-keys";
import { readStored, writeStored } from "@/lib/storage";

export interface Kept {
  /** The query that it answered; JSON. */
  key: string;
  /** Its data as JSON, so that its size is known. */
  data: string;
  /** When it was true: milliseconds since 1970. */
  at: number;
}

/** Whose it is, and of which build of the page: another one may read the same data in another way. */
interface Mark {
  owner: string;
  build: string;
}

const MAX_AGE_MS = 30 * 24 * 3_600_000;
const store = createStore("lamla", "kept");

/** The owner of what is kept, if this build can read it; null once it was forgotten. */
export function keptOwner(): string | null {
  try {
    const mark = JSON.parse(readStored(STORAGE.kept) ?? "null") as Partial<Mark> | null;
    return mark?.build === build() ? (mark.owner ?? null) : null;
  } catch {
    return null;
  }
}

/** Make room for what is this owner's: anything of others goes first. */
export async function ownKept(owner: string | null): Promise<void> {
  if (owner !== null && owner === keptOwner()) return;
  // The mark goes first: what is still there then belongs to nobody, whatever happens meanwhile.
  writeStored(STORAGE.kept, null);
  await clear(store);
  if (owner !== null) writeStored(STORAGE.kept, JSON.stringify({ owner, build: build() } satisfies Mark));
}

export async function readKept(hash: string): Promise<Kept | null> {
  const kept = await get<Kept>(hash, store);
  return kept && isYoung(kept) ? kept : null;
}

/** Write, then drop what `isSurplus` names among all that is kept, and what is too old. */
export async function writeKept(
  fresh: [string, Kept][],
  surplusOf: (all: [string, Kept][]) => string[],
): Promise<void> {
  await setMany(fresh, store);
  const all = await entries<string, Kept>(store);
  const old = all.filter(([, kept]) => !isYoung(kept)).map(([hash]) => hash);
  await delMany([...old, ...surplusOf(all)], store);
}

export async function forgetKept(hash: string): Promise<void> {
  await delMany([hash], store);
}

function isYoung({ at }: Kept): boolean {
  return Date.now() - at < MAX_AGE_MS;
}

/** The name of the page's entry tells its content, and by that of all that it imports. */
function build(): string {
  return document.querySelector<HTMLScriptElement>("script[type=module]")?.src ?? "";
}
