import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";
import { ROUTES } from "@/config/paths";
import { useIdentityChange } from "@/features/accounts/hooks/use-identity";
import { nextAddress } from "@/features/accounts/state/next-address";

/** What to do once somebody is signed in: show what is theirs, and go where they wanted to go. */
export function useArrival(): () => void {
  const { arrived } = useIdentityChange();
  const [, navigate] = useLocation();
  const next = nextAddress(useSearch());
  return useCallback(() => {
    // It may be no address of this page, such as the admin's.
    if (next) window.location.assign(next);
    else void arrived().then(() => navigate(ROUTES.home, { replace: true }));
  }, [arrived, navigate, next]);
}
