import { useCallback, useRef } from "react";
import { useLocation, useSearch } from "wouter";
import { ROUTES } from "@/config/paths";
import { tellOtherTabs, useIdentityChange } from "@/features/accounts/hooks/use-identity";
import { nextAddress } from "@/features/accounts/state/next-address";

/** What to do once somebody is signed in: show what is theirs, and go where they wanted to go. */
export function useArrival(): () => void {
  const { arrived } = useIdentityChange();
  const [, navigate] = useLocation();
  const next = nextAddress(useSearch());
  const isLeaving = useRef(false);
  return useCallback(() => {
    if (!next) {
      void arrived().then(() => navigate(ROUTES.home, { replace: true }));
      return;
    }
    // What another tab tells meanwhile must not make it set out again: two such tabs would never get away.
    if (isLeaving.current) return;
    isLeaving.current = true;
    tellOtherTabs();
    // It may be no address of this page, such as the admin's.
    window.location.assign(next);
  }, [arrived, navigate, next]);
}
