import { cloneElement, type KeyboardEvent, type MouseEvent, useState } from "react";
import type {
  MenuChoiceProps,
  MenuItemProps,
  MenuLinkProps,
  MenuProps,
  TriggerProps,
} from "@/components/ui/opened-menu";
import { partOf } from "@/hooks/use-part";
import { useT } from "@/i18n/language";
import { showToast } from "@/lib/toasts";

// A page has dozens of menus, of which few are ever opened: what places and steers them comes with the first one.
const opened = partOf(() => import("@/components/ui/opened-menu"));
const fetchOpened = () => void opened.load().catch(() => undefined);

/** A button and its menu; until it is first opened, the button alone. */
export function Menu(props: MenuProps) {
  const t = useT();
  const [openedBy, setOpenedBy] = useState<"pointer" | "key" | null>(null);
  if (openedBy && opened.module) return <opened.module.OpenedMenu {...props} isByKey={openedBy === "key"} />;
  const open = (by: "pointer" | "key") => {
    const onFailed = () => showToast({ tone: "danger", text: t("app.partFailed") });
    opened.load().then(() => setOpenedBy(by), onFailed);
  };
  return cloneElement<TriggerProps>(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: fetchOpened,
    onFocus: fetchOpened,
    // A press of a key, or by what speaks for one, has no count of clicks.
    onClick: ({ detail }: MouseEvent) => open(detail === 0 ? "key" : "pointer"),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      open("key");
    },
  });
}

// These stand in a menu that is open, so their part is here.

export function MenuItem(props: MenuItemProps) {
  return opened.module && <opened.module.MenuItem {...props} />;
}

/** An address as one of a menu's items. */
export function MenuLink(props: MenuLinkProps) {
  return opened.module && <opened.module.MenuLink {...props} />;
}

/** One of several, with the chosen one marked. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  return opened.module && <opened.module.MenuChoice {...props} />;
}
