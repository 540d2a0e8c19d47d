import { ROUTES } from "@/config/paths";

/** The whole address of a link, to be given away. */
export function shareAddress(token: string): string {
  return new URL(ROUTES.shared(token), window.location.href).href;
}
