import { STORAGE } from "@/config/storage-keys";
import type { Account } from "@/features/accounts/types";
import { forgetStored, readStored, writeStored } from "@/lib/storage";

/**
 * What is typed stays when a session ends by itself, for whoever it belongs to: another account does not find it.
 *
 * To be called with who is here. A guest takes the drafts along into an account. Returns whether another account was
 * here before, and has not logged out.
 */
export function claimDrafts(user: Account | null): boolean {
  if (!user || user.is_guest) return false;
  const owner = readStored(STORAGE.draftsOf);
  if (owner === user.id) return false;
  if (owner) forgetStored(STORAGE.drafts);
  writeStored(STORAGE.draftsOf, user.id);
  return owner !== null;
}
