import { KeyRound } from "lucide-react";
import { Button } from "@/components/ui/button";
import { usePasskeySignIn } from "@/features/accounts/api/passkey-sign-in";
import { Failure } from "@/features/accounts/components/loaded";
import { hasPasskeys } from "@/features/accounts/webauthn";
import { useT } from "@/i18n/language";

/** Sign in with a passkey, at the address that asks for it; nothing where the browser has none. */
export function PasskeyButton({ path }: { path: string }) {
  const t = useT();
  const signIn = usePasskeySignIn(path);
  if (!hasPasskeys()) return null;
  return (
    <>
      <Button
        icon={<KeyRound aria-hidden />}
        aria-disabled={signIn.isPending}
        onClick={() => !signIn.isPending && signIn.mutate()}
      >
        {t("account.passkeyLogIn")}
      </Button>
      <Failure of={signIn.error} />
    </>
  );
}
