import { LogIn } from "lucide-react";
import { type FormEvent, useRef } from "react";
import { Button } from "@/components/ui/button";
import { useSession } from "@/features/accounts/api/get-session";
import formStyles from "@/features/accounts/components/form.module.css";
import { AUTH_API } from "@/features/accounts/paths";
import type { SignInProvider } from "@/features/accounts/types";
import { useT } from "@/i18n/language";
import { csrfToken } from "@/lib/csrf";

/** The other services through which one can sign in here; `returnTo` is where they send the browser back to. */
export function ProviderButtons({ returnTo }: { returnTo: string }) {
  const providers = useSession().data?.providers ?? [];
  return providers.map((provider) => (
    <ProviderButton key={provider.id} provider={provider} returnTo={returnTo} />
  ));
}

/** A form of the browser's own: its answer leads to another site, where a script may not follow. */
function ProviderButton({ provider, returnTo }: { provider: SignInProvider; returnTo: string }) {
  const t = useT();
  const token = useRef<HTMLInputElement>(null);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    const form = event.currentTarget;
    event.preventDefault();
    // Asked for now: the cookie changes when a guest or a user comes to be.
    const value = await csrfToken();
    if (token.current) token.current.value = value;
    form.submit();
  };
  return (
    <form
      method="post"
      action={AUTH_API.provider}
      className={formStyles.form}
      onSubmit={(event) => void send(event)}
    >
      <input type="hidden" name="provider" value={provider.id} />
      <input type="hidden" name="process" value="login" />
      <input type="hidden" name="callback_url" value={returnTo} />
      <input type="hidden" name="csrfmiddlewaretoken" ref={token} />
      <Button type="submit" icon={<LogIn aria-hidden />}>
        {t("account.with", { name: provider.name })}
      </Button>
    </form>
  );
}
